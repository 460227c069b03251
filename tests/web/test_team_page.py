"""The page of a team: owners change it, members see it, Charlie and Mallory get no further than a refusal."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace import services
from marketplace.models import Invitation, Membership, Publisher
from tests.conftest import join

PAGE = "/@/works/team"


@pytest.fixture
def works(alice):
    return services.publisher_create(actor=alice, handle="works", kind="organisation")


def act(browser, what, **fields):
    return browser.post(PAGE, {"act": what, **fields}, follow=True)


def test_an_organisation_is_made_on_the_account_page_and_its_team_comes_next(as_person, charlie):
    browser = as_person(charlie)
    made = browser.post("/account", {"handle": "works", "kind": "organisation"}, follow=True)
    assert made.redirect_chain == [(PAGE, 302)]
    assert "Invite somebody" in made.content.decode()


def test_alice_asks_charlie_who_joins_on_his_account_page(as_person, works, alice, charlie):
    page = act(as_person(alice), "invite", username="charlie", role="member").content.decode()
    assert "charlie is asked onto the team" in page and "asked as a member by" in page
    browser = as_person(charlie)
    assert "asks you onto the team as a member" in browser.get("/account").content.decode()
    joined = browser.post("/account/invitations/works", {"accept": "1"}, follow=True)
    assert joined.redirect_chain == [(PAGE, 302)]
    page = joined.content.decode()
    assert "Invite somebody" not in page and "Leave" in page and 'value="change"' not in page
    assert "Invitations" not in browser.get("/account").content.decode()


def test_an_invitation_can_be_declined(as_person, works, alice, charlie):
    act(as_person(alice), "invite", username="charlie", role="owner")
    answer = as_person(charlie).post("/account/invitations/works", {"decline": "1"}, follow=True)
    assert "You declined" in answer.content.decode()
    assert not Invitation.objects.exists() and works.members.count() == 1


def test_an_owner_changes_removes_withdraws_and_describes(as_person, works, alice, charlie, mallory):
    join(works, alice, charlie)
    browser = as_person(alice)
    act(browser, "change", username="charlie", role="owner")
    assert Membership.objects.get(user=charlie).role == "owner"
    act(browser, "remove", username="charlie")
    assert not works.memberships.filter(user=charlie).exists()
    act(browser, "invite", username="mallory", role="member")
    act(browser, "withdraw", username="mallory")
    assert not Invitation.objects.exists()
    act(browser, "describe", display_name="The Works", about="Tools.", website="https://works.example.com")
    assert Publisher.objects.get(handle="works").about == "Tools."
    told = browser.get(PAGE).content.decode()
    for words in ("changed the description", "withdrew the invitation to", "removed", "joined"):
        assert words in told


def test_what_cannot_be_is_said_and_what_was_typed_is_kept(as_person, works, alice):
    browser = as_person(alice)
    for what, fields, said in (
        ("invite", {"username": "nobody-here", "role": "member"}, "Nobody here is called"),
        ("invite", {"username": "alice", "role": "member"}, "is on the team"),
        ("remove", {"username": "alice"}, "left without an owner"),
        ("describe", {"website": "javascript:alert(1)"}, "A website is an address"),
        ("dance", {}, "asks for nothing"),
    ):
        answer = act(browser, what, **fields)
        page = answer.content.decode()
        assert answer.status_code in (400, 404, 409, 422) and said in page and 'role="alert"' in page, what
    assert 'value="nobody-here"' in act(browser, "invite", username="nobody-here", role="member").content.decode()
    assert works.members.get() == alice


def test_the_page_is_for_the_team_and_the_forms_for_owners(as_person, works, alice, charlie, mallory):
    join(works, alice, charlie)
    assert as_person(mallory).get(PAGE).status_code == 403
    assert act(as_person(mallory), "invite", username="mallory", role="owner").status_code == 403
    assert as_person().get(PAGE).status_code == 302
    for what, fields in (
        ("invite", {"username": "mallory", "role": "owner"}),
        ("change", {"username": "charlie", "role": "owner"}),
        ("remove", {"username": "alice"}),
        ("describe", {"about": "Mine."}),
        ("withdraw", {"username": "mallory"}),
    ):
        assert act(as_person(charlie), what, **fields).status_code == 403, what
    assert as_person(mallory).post("/account/invitations/works", {"accept": "1"}).status_code == 404
    assert as_person(mallory).get("/account/invitations/works").status_code == 405
    assert dict(works.memberships.values_list("user__username", "role")) == {"alice": "owner", "charlie": "member"}


def test_a_member_leaves_and_lands_on_the_public_page(as_person, works, alice, charlie):
    join(works, alice, charlie)
    left = act(as_person(charlie), "remove", username="charlie")
    assert left.redirect_chain == [("/@/works", 302)]
    assert "You have left the team" in left.content.decode()


def test_the_public_page_leads_the_team_to_its_own(as_person, works, alice, charlie):
    assert PAGE in as_person(alice).get("/@/works").content.decode()
    assert PAGE not in as_person(charlie).get("/@/works").content.decode()
    assert PAGE not in as_person().get("/@/works").content.decode()


def test_a_longer_team_costs_no_more_queries(as_person, works, alice, django_user_model):
    browser = as_person(alice)

    def grow(start, end):
        for number in range(start, end):
            user = django_user_model.objects.create(username=f"user-{number}")
            services.member_invite(actor=alice, publisher=works, username=user.username)
            if number % 2:
                services.invitation_accept(actor=user, publisher=works)

    def cost(path):
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    grow(0, 4)
    few = cost(PAGE)
    grow(4, 60)
    assert cost(PAGE) == few
