"""`manage.py token PUBLISHER`: the operator's way in."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from marketplace.models import Publisher, Token


def token(capsys, *arguments):
    call_command("token", *arguments)
    out, err = capsys.readouterr()
    assert err == "" and out.count("\n") == 1
    return out.strip()


def test_it_makes_user_and_publisher_and_prints_nothing_but_a_token(db, capsys):
    text = token(capsys, "dora")
    assert not get_user_model().objects.get(username="dora").has_usable_password()
    body = Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/whoami").json()
    assert body["publishers"] == [{"handle": "dora", "role": "owner"}]
    assert body["token"]["publisher"] == "dora"
    assert body["token"]["scopes"] == ["read", "push", "rate", "yank"]


def test_each_call_gives_a_fresh_token_of_the_same_publisher(alices, alice, capsys):
    assert token(capsys, "alice") != token(capsys, "alice")
    assert Publisher.objects.count() == 1 and set(Token.objects.values_list("user__username", flat=True)) == {"alice"}


def test_the_operator_may_speak_for_the_house(db, capsys):
    assert token(capsys, "assay", "--kind", "organisation").startswith("asy_")
    assert Publisher.objects.get().kind == "organisation"


@pytest.mark.parametrize("arguments", [["API"], ["api"], ["dora", "--days", "0"], ["dora", "--scopes", "root"]])
def test_what_cannot_be_is_one_sentence_and_leaves_nothing(db, arguments):
    with pytest.raises(CommandError) as refused:
        call_command("token", *arguments)
    assert str(refused.value).strip().endswith(".")
    assert not get_user_model().objects.exists() and not Publisher.objects.exists()
