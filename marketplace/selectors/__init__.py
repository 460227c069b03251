"""Every shared read."""

from marketplace.selectors.finding import CARD_FIELDS, FACETS, SORTS, SkillPage, SkillQuery, skills_find
from marketplace.selectors.paging import id_page
from marketplace.selectors.people import (
    invitations_for,
    invitations_to,
    is_member,
    may_see_unpublished,
    must_own,
    publisher_get,
    publishers_of,
    role_of,
    team_events,
    team_of,
)
from marketplace.selectors.skills import (
    HEAVY,
    ratings_of,
    release_get,
    release_is_visible,
    releases_of,
    skill_get,
    skills_listed,
)

__all__ = [
    "CARD_FIELDS",
    "FACETS",
    "HEAVY",
    "SORTS",
    "SkillPage",
    "SkillQuery",
    "id_page",
    "invitations_for",
    "invitations_to",
    "is_member",
    "may_see_unpublished",
    "must_own",
    "publisher_get",
    "publishers_of",
    "ratings_of",
    "release_get",
    "release_is_visible",
    "releases_of",
    "role_of",
    "skill_get",
    "skills_find",
    "skills_listed",
    "team_events",
    "team_of",
]
