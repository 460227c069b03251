"""Stars and words about a skill: one a person, editable, never by its own team."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, FloatField, Value
from django.db.models.functions import Cast

from marketplace import selectors
from marketplace.errors import Invalid, NotAllowed, NotFound
from marketplace.models import Rating, Skill
from marketplace.services.audit import record
from marketplace.text import storable

REVIEW_CHARS = 4000
# Five silent threes: one enthusiastic star-giver does not outrank fifty content ones.
_PRIOR_COUNT, _PRIOR_STARS = 5, 3


@transaction.atomic
def skill_rate(*, actor: AbstractBaseUser, skill: Skill, stars: int, review: str = "") -> tuple[Rating, bool]:
    """Give or change the actor's rating; True when it is the first."""
    if isinstance(stars, bool) or not isinstance(stars, int) or not 1 <= stars <= 5:
        raise Invalid("rating.stars", "A rating is 1, 2, 3, 4 or 5 stars.", fix="Send one of these as `stars`.")
    if len(review) > REVIEW_CHARS:
        raise Invalid(
            "rating.review",
            f"A review has at most {REVIEW_CHARS} letters; this one has {len(review)}.",
            fix="Shorten it.",
        )
    skill = _locked(skill)
    if selectors.is_member(actor, skill.publisher):
        raise NotAllowed(
            "rating.own-skill",
            f"You are on the team of {skill.full_name} and cannot rate it.",
            fix="Ask somebody who uses it.",
        )
    version = skill.latest.version if skill.latest else ""
    before = Rating.objects.filter(skill=skill, user=actor).first()
    rating = before or Rating(skill=skill, user=actor)
    past = before.stars if before else 0
    rating.stars, rating.review, rating.version = stars, storable(review.strip()), version
    rating.save()
    _adjust(skill, count=0 if before else 1, stars=stars - past)
    record(actor, "skill.rate", skill.full_name, stars=stars, before=past or None)
    return rating, before is None


@transaction.atomic
def skill_unrate(*, actor: AbstractBaseUser, skill: Skill) -> None:
    """Take the actor's rating back."""
    skill = _locked(skill)
    rating = Rating.objects.filter(skill=skill, user=actor).first()
    if rating is None:
        raise NotFound(
            "rating.not-found",
            f"You have not rated {skill.full_name}.",
            fix="Rate it first: `skill rate OWNER/NAME STARS`.",
        )
    rating.delete()
    _adjust(skill, count=-1, stars=-rating.stars)
    record(actor, "skill.unrate", skill.full_name, before=rating.stars)


def _locked(skill: Skill) -> Skill:
    """The skill with its row held, so that two ratings of one person cannot both be the first."""
    held = Skill.objects.select_for_update(of=("self",)).select_related("publisher", "latest").get(pk=skill.pk)
    if not held.is_public:
        raise NotFound(
            "skill.not-found",
            f"There is no published skill {skill.full_name}.",
            fix="Only what is published can be rated; check for a slip in the name.",
        )
    return held


def _adjust(skill: Skill, *, count: int, stars: int) -> None:
    total = F("rating_sum") + stars
    number = F("rating_count") + count
    mean = Cast(total + _PRIOR_COUNT * _PRIOR_STARS, FloatField()) / (number + Value(_PRIOR_COUNT))
    Skill.objects.filter(pk=skill.pk).update(rating_count=number, rating_sum=total, rating_order=mean)
