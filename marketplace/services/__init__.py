"""Every write, one keyword-only function a verb, its audit row in the same transaction."""

from marketplace.services.appeals import appeal_open
from marketplace.services.decisions import REASON_LEAST, release_decide
from marketplace.services.devices import device_begin, device_deny, device_find, device_grant, device_token
from marketplace.services.downloads import download_count
from marketplace.services.members import (
    invitation_accept,
    invitation_end,
    member_change,
    member_invite,
    member_remove,
)
from marketplace.services.publication import release_conclude
from marketplace.services.publishers import publisher_create, publisher_describe, publisher_of
from marketplace.services.ratings import skill_rate, skill_unrate
from marketplace.services.releases import release_push, release_revoke, release_unyank, release_yank
from marketplace.services.revetting import release_revet
from marketplace.services.tokens import token_issue, token_revoke

__all__ = [
    "REASON_LEAST",
    "appeal_open",
    "device_begin",
    "device_deny",
    "device_find",
    "device_grant",
    "device_token",
    "download_count",
    "invitation_accept",
    "invitation_end",
    "member_change",
    "member_invite",
    "member_remove",
    "publisher_create",
    "publisher_describe",
    "publisher_of",
    "release_conclude",
    "release_decide",
    "release_push",
    "release_revet",
    "release_revoke",
    "release_unyank",
    "release_yank",
    "skill_rate",
    "skill_unrate",
    "token_issue",
    "token_revoke",
]
