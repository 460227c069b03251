"""An organisation from its making to its last owner, by people at machines of their own."""

import pytest

ALL = ("read", "push", "rate", "yank", "admin")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(enter):
    return enter("alice", ALL), enter("bob", ALL), enter("mallory", ALL)


def test_a_team_is_made_joined_changed_and_left(cast):
    alice, bob, mallory = cast
    assert alice.run("org", "create", "works", "--name", "The Works").code == 0
    assert alice.run("org", "invite", "works", "bob").code == 0
    assert alice.run("org", "invited", "@works", "--json").json["invitations"][0]["username"] == "bob"
    assert "invited to  1 team" in bob.run("whoami").out
    assert "by alice" in bob.run("org", "invitations").out
    assert bob.run("org", "accept", "works", "--json").json["member"]["role"] == "member"
    assert bob.run("push", bob.skill("answers"), "--owner", "works").code == 0
    shown = mallory.run("org", "members", "works").out.split()
    assert shown == ["bob", "member", "alice", "owner"]
    assert alice.run("org", "role", "works", "bob", "owner").code == 0
    assert alice.run("org", "leave", "works").code == 0
    refused = bob.run("org", "leave", "works", "--json")
    assert (refused.code, refused.json["code"]) == (1, "member.last-owner")
    assert [one["username"] for one in bob.run("org", "members", "works", "--json").json["members"]] == ["bob"]


def test_mallory_gets_no_further_than_a_refusal(cast):
    alice, bob, mallory = cast
    assert alice.run("org", "create", "works").code == 0
    assert alice.run("org", "invite", "works", "bob").code == 0
    for words in (
        ("invite", "works", "mallory", "--role", "owner"),
        ("invited", "works"),
        ("withdraw", "works", "bob"),
        ("role", "works", "alice", "member"),
        ("remove", "works", "alice"),
    ):
        assert mallory.run("org", *words).code == 4, words
    assert mallory.run("org", "accept", "works").code == 3
    assert bob.run("org", "decline", "works").code == 0
    assert bob.run("org", "accept", "works").code == 3


def test_a_token_without_the_scope_is_told_which_one_it_needs(enter):
    alice = enter("alice")
    refused = alice.run("org", "create", "works")
    assert refused.code == 4 and "admin" in refused.err


@pytest.mark.parametrize(
    "words", [("members", "../tokens"), ("remove", "alice", ".."), ("role", "alice", "bob", "god")]
)
def test_what_is_no_name_is_no_address(stranger, words):
    assert stranger.run("org", *words).code == 2


def test_every_verb_of_org_explains_itself(stranger):
    told = stranger.run("org", "--help")
    assert told.code == 0
    for name in ("create", "members", "invite", "role", "remove", "leave", "invitations", "accept", "decline"):
        assert name in told.out
        shown = stranger.run("org", name, "--help")
        assert shown.code == 0 and "--json" in shown.out
