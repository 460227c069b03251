import pytest

from marketplace.errors import Invalid, NotAllowed, NotFound
from marketplace.models import Rating, Skill
from marketplace.services import skill_rate, skill_unrate


def test_a_rating_is_one_a_person_and_its_sums_follow(publish, charlie, mallory):
    skill = publish("pdf-tools").skill
    assert skill_rate(actor=charlie, skill=skill, stars=2, review="meh")[1] is True
    assert skill_rate(actor=charlie, skill=skill, stars=5, review="grew on me")[1] is False
    skill_rate(actor=mallory, skill=skill, stars=4)
    skill = Skill.objects.get()
    assert (skill.rating_count, skill.rating_sum, skill.rating) == (2, 9, 4.5)
    assert skill.rating_order == pytest.approx((9 + 15) / 7)
    assert Rating.objects.get(user=charlie).version == "1.0.0"
    skill_unrate(actor=charlie, skill=skill)
    skill = Skill.objects.get()
    assert (skill.rating_count, skill.rating_sum, skill.rating_order) == (1, 4, pytest.approx(19 / 6))


def test_the_team_does_not_rate_its_own_skill(publish, alice, bob):
    skill = publish("pdf-tools").skill
    for member in (alice, bob):
        with pytest.raises(NotAllowed) as refused:
            skill_rate(actor=member, skill=skill, stars=5)
        assert refused.value.code == "rating.own-skill"


def test_what_is_no_rating_is_refused(publish, push, charlie):
    skill = publish("pdf-tools").skill
    for stars in (0, 6, -1, True, 4.5):
        with pytest.raises(Invalid):
            skill_rate(actor=charlie, skill=skill, stars=stars)
    with pytest.raises(Invalid):
        skill_rate(actor=charlie, skill=skill, stars=3, review="x" * 4001)
    with pytest.raises(NotFound):
        skill_rate(actor=charlie, skill=push("hidden").skill, stars=3)
    assert not Rating.objects.exists()
