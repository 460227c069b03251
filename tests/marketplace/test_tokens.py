from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Invalid, NotAllowed
from marketplace.models import AuditEvent, Token
from marketplace.services import token_issue, token_revoke
from marketplace.services.tokens import compose, parse


def test_the_plain_text_is_kept_nowhere(alice):
    token, text = token_issue(actor=alice, name="laptop", scopes=["push"])
    key, secret = parse(text)
    assert key == token.key
    row = Token.objects.values().get(pk=token.pk)
    assert secret not in str(row)
    assert not AuditEvent.objects.filter(detail__icontains=secret).exists()


def test_a_token_always_expires(alice):
    token, _ = token_issue(actor=alice, name="laptop", scopes=["push"])
    assert timedelta(days=89) < token.expires_at - timezone.now() <= timedelta(days=90)
    for days in (0, -1, 367, 100_000):
        with pytest.raises(Invalid, match="lives 1 to 366 days"):
            token_issue(actor=alice, name="laptop", scopes=["push"], days=days)


def test_an_unknown_scope_or_no_name_is_refused(alice):
    for name, scopes in (("x", []), ("x", ["root"]), ("", ["push"]), ("n" * 81, ["push"])):
        with pytest.raises(Invalid):
            token_issue(actor=alice, name=name, scopes=scopes)


def test_charlie_gets_no_token_for_alices_publisher(charlie, alices):
    with pytest.raises(NotAllowed, match="not on the team"):
        token_issue(actor=charlie, name="x", scopes=["push"], publisher=alices)


def test_one_slip_in_a_token_is_told_without_asking_the_database(alice):
    _, text = token_issue(actor=alice, name="laptop", scopes=["push"])
    for place in range(len(text)):
        slipped = text[:place] + ("a" if text[place] != "a" else "b") + text[place + 1 :]
        assert parse(slipped) is None, place


@given(st.text(max_size=80))
def test_no_text_makes_the_parser_fall(text):
    assert parse(text) is None
    assert parse(f"asy_{text}") is None


@given(st.text("0123456789abcXYZ", min_size=12, max_size=12), st.text("0123456789abcXYZ", min_size=43, max_size=43))
def test_what_is_composed_is_parsed(key, secret):
    assert parse(compose(key, secret)) == (key, secret)


def test_revoking_is_for_ones_own_tokens_and_idempotent(alice, charlie):
    from marketplace.errors import NotFound

    token, _ = token_issue(actor=alice, name="laptop", scopes=["push"])
    with pytest.raises(NotFound):
        token_revoke(actor=charlie, key=token.key)
    first = token_revoke(actor=alice, key=token.key).revoked_at
    assert first and token_revoke(actor=alice, key=token.key).revoked_at == first
    assert AuditEvent.objects.filter(verb="token.revoke").count() == 1
