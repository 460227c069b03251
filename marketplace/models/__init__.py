"""One file a noun."""

from marketplace.models.appeal import Appeal
from marketplace.models.audit import AuditEvent
from marketplace.models.device import DeviceLogin
from marketplace.models.invitation import Invitation
from marketplace.models.publisher import Membership, Publisher
from marketplace.models.rating import Rating
from marketplace.models.release import Release
from marketplace.models.skill import Keyword, Skill
from marketplace.models.token import Token

__all__ = [
    "Appeal",
    "AuditEvent",
    "DeviceLogin",
    "Invitation",
    "Keyword",
    "Membership",
    "Publisher",
    "Rating",
    "Release",
    "Skill",
    "Token",
]
