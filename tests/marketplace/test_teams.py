"""Who is on a team: nobody unasked, changed by owners alone, never without an owner, and all of it written down."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace import selectors
from marketplace.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from marketplace.models import AuditEvent, Invitation, Membership, Publisher
from marketplace.services import (
    invitation_accept,
    invitation_end,
    member_change,
    member_invite,
    member_remove,
    publisher_create,
    publisher_describe,
    release_push,
)
from tests.conftest import join, skill_zip
from tests.marketplace.test_concurrency import at_once


@pytest.fixture
def works(alice):
    """An organisation of Alice's."""
    return publisher_create(actor=alice, handle="works", kind="organisation")


def roles(publisher):
    return dict(publisher.memberships.values_list("user__username", "role"))


def test_nobody_is_on_a_team_before_they_said_yes(works, alice, charlie):
    invitation, created = member_invite(actor=alice, publisher=works, username="charlie")
    assert created and invitation.role == "member"
    assert not selectors.is_member(charlie, works)
    with pytest.raises(NotAllowed):
        release_push(actor=charlie, publisher=works, data=skill_zip())
    invitation_accept(actor=charlie, publisher=works)
    assert release_push(actor=charlie, publisher=works, data=skill_zip())[1]
    assert roles(works) == {"alice": "owner", "charlie": "member"}
    assert not Invitation.objects.exists()
    assert Membership.objects.get(user=charlie, publisher=works).joined_at


def test_asked_again_the_newer_role_counts_and_there_is_one_invitation(works, alice, charlie):
    member_invite(actor=alice, publisher=works, username="charlie")
    again, created = member_invite(actor=alice, publisher=works, username="charlie", role="owner")
    assert not created and Invitation.objects.count() == 1
    assert invitation_accept(actor=charlie, publisher=works).role == "owner"
    assert again.role == "owner"


def test_only_owners_ask_change_and_remove(works, alice, charlie, mallory, django_user_model):
    bob = django_user_model.objects.create_user("bob")
    join(works, alice, bob)
    for actor in (bob, charlie, mallory):
        for act in (
            lambda by: member_invite(actor=by, publisher=works, username="charlie"),
            lambda by: member_change(actor=by, publisher=works, username="bob", role="owner"),
            lambda by: member_change(actor=by, publisher=works, username="alice", role="member"),
            lambda by: member_remove(actor=by, publisher=works, username="alice"),
            lambda by: publisher_describe(actor=by, publisher=works, about="Mine now."),
        ):
            with pytest.raises(NotAllowed) as refused:
                act(actor)
            assert refused.value.code == "publisher.not-owner"
    assert roles(works) == {"alice": "owner", "bob": "member"}


def test_mallory_can_neither_use_nor_end_charlies_invitation(works, alice, charlie, mallory):
    member_invite(actor=alice, publisher=works, username="charlie", role="owner")
    with pytest.raises(NotFound):
        invitation_accept(actor=mallory, publisher=works)
    with pytest.raises(NotAllowed):
        invitation_end(actor=mallory, publisher=works, username="charlie")
    assert Invitation.objects.get().user == charlie and roles(works) == {"alice": "owner"}


def test_an_invitation_is_declined_by_the_asked_and_withdrawn_by_owners(works, alice, charlie):
    for actor, verb in ((charlie, "member.decline"), (alice, "member.withdraw")):
        member_invite(actor=alice, publisher=works, username="charlie")
        invitation_end(actor=actor, publisher=works, username="charlie")
        assert not Invitation.objects.exists()
        assert AuditEvent.objects.get(verb=verb).actor == actor
    with pytest.raises(NotFound, match="You have no invitation"):
        invitation_accept(actor=charlie, publisher=works)


def test_an_invitation_expires(works, alice, charlie):
    member_invite(actor=alice, publisher=works, username="charlie")
    assert list(selectors.invitations_for(charlie)) and list(selectors.invitations_to(works))
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not selectors.invitations_for(charlie) and not selectors.invitations_to(works)
    with pytest.raises(Gone, match="expired"):
        invitation_accept(actor=charlie, publisher=works)
    assert not selectors.is_member(charlie, works)


@pytest.mark.parametrize(
    ("username", "role", "refusal"),
    [
        ("nobody-here", "member", NotFound),
        ("closed", "member", NotFound),
        ("alice", "owner", Conflict),
        ("charlie", "god", Invalid),
    ],
)
def test_who_cannot_be_asked(works, alice, charlie, django_user_model, username, role, refusal):
    django_user_model.objects.create_user("closed", is_active=False)
    with pytest.raises(refusal):
        member_invite(actor=alice, publisher=works, username=username, role=role)
    assert not Invitation.objects.exists()


def test_open_invitations_have_a_limit(works, alice, charlie, django_user_model, monkeypatch):
    monkeypatch.setattr("marketplace.services.members.INVITATIONS_AT_MOST", 2)
    for name in ("dora", "emil", "fritz"):
        django_user_model.objects.create_user(name)
    for name in ("dora", "emil", "emil"):
        member_invite(actor=alice, publisher=works, username=name)
    with pytest.raises(Conflict, match="open invitations"):
        member_invite(actor=alice, publisher=works, username="fritz")


def test_the_last_owner_neither_leaves_nor_steps_down(works, alice, charlie):
    join(works, alice, charlie)
    for act in (
        lambda: member_remove(actor=alice, publisher=works, username="alice"),
        lambda: member_change(actor=alice, publisher=works, username="alice", role="member"),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "member.last-owner"
    member_change(actor=alice, publisher=works, username="charlie", role="owner")
    member_remove(actor=alice, publisher=works, username="alice")
    assert roles(works) == {"charlie": "owner"}


def test_an_owner_whose_account_is_closed_does_not_count(works, alice, charlie):
    join(works, alice, charlie, "owner")
    charlie.is_active = False
    charlie.save()
    with pytest.raises(Conflict):
        member_remove(actor=alice, publisher=works, username="alice")


def test_nobody_loses_the_publisher_of_their_own_name(alice, alices, mallory):
    join(alices, alice, mallory, "owner")
    for act in (
        lambda: member_remove(actor=mallory, publisher=alices, username="alice"),
        lambda: member_change(actor=mallory, publisher=alices, username="alice", role="member"),
        lambda: member_remove(actor=alice, publisher=alices, username="alice"),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert refused.value.code == "member.namesake"
    assert roles(alices)["alice"] == "owner"


def test_whoever_no_longer_owns_has_nobody_on_the_way(works, alice, mallory, charlie):
    join(works, alice, mallory, "owner")
    member_invite(actor=mallory, publisher=works, username="charlie", role="owner")
    member_change(actor=alice, publisher=works, username="mallory", role="member")
    with pytest.raises(NotFound):
        invitation_accept(actor=charlie, publisher=works)


def test_a_removed_member_publishes_no_more_and_one_may_leave(works, alice, charlie):
    join(works, alice, charlie)
    member_remove(actor=alice, publisher=works, username="charlie")
    with pytest.raises(NotAllowed):
        release_push(actor=charlie, publisher=works, data=skill_zip())
    join(works, alice, charlie)
    member_remove(actor=charlie, publisher=works, username="charlie")
    assert roles(works) == {"alice": "owner"}
    with pytest.raises(NotFound):
        member_remove(actor=alice, publisher=works, username="charlie")


def test_who_did_what_to_the_team_is_written_down(works, alice, charlie):
    join(works, alice, charlie)
    member_change(actor=alice, publisher=works, username="charlie", role="owner")
    member_change(actor=alice, publisher=works, username="charlie", role="owner")
    member_remove(actor=charlie, publisher=works, username="alice")
    publisher_describe(actor=charlie, publisher=works, display_name="Works", website="https://works.example.com")
    told = [(row.actor.username, row.verb) for row in selectors.team_events(works)]
    assert told == [
        ("charlie", "publisher.describe"),
        ("charlie", "member.remove"),
        ("alice", "member.role"),
        ("charlie", "member.join"),
        ("alice", "member.invite"),
        ("alice", "publisher.create"),
    ]
    assert AuditEvent.objects.get(verb="member.role").detail == {
        "user": "charlie",
        "role": "owner",
        "before": "member",
    }


def test_nobody_heaps_up_publishers_but_the_operator_hands_them_out(alice, monkeypatch):
    monkeypatch.setattr("marketplace.services.publishers.OWNED_AT_MOST", 2)
    publisher_create(actor=alice, handle="works", kind="organisation")
    with pytest.raises(Conflict) as refused:
        publisher_create(actor=alice, handle="more", kind="organisation")
    assert refused.value.code == "publisher.too-many"
    publisher_create(actor=alice, handle="more", kind="organisation", operator=True)


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "ftp://example.com/x", "example.com", "https://" + "x" * 200]
)
def test_a_website_is_an_address_of_the_web(works, alice, website):
    with pytest.raises(Invalid):
        publisher_describe(actor=alice, publisher=works, website=website)
    works.refresh_from_db()
    assert works.website == ""


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_at_once_leave_one(works, alice, charlie):
    join(works, alice, charlie, "owner")
    results = at_once(
        lambda: member_remove(actor=alice, publisher=works, username="charlie"),
        lambda: member_remove(actor=charlie, publisher=works, username="alice"),
        lambda: member_change(actor=alice, publisher=works, username="alice", role="member"),
    )
    assert list(roles(works).values()).count("owner") == 1, results
    assert Publisher.objects.get(handle="works")
