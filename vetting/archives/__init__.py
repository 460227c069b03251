"""Opens an uploaded archive without trusting it: what kind it is, and its members as plain bytes in memory."""

from vetting.archives.member import Member
from vetting.archives.open import members_in

__all__ = ["Member", "members_in"]
