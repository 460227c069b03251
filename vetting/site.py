"""The settings that vetting reads while it judges: Django's, or plain values where vetting runs without Django.

Setting a site up costs more than reading a skill does. What a local folder is vetted by therefore asks here, and the
command that needs no site says beforehand what the values are.
"""

from types import ModuleType


class Site:
    """`site.SEMGREP` is the setting of that name."""

    def __init__(self) -> None:
        self._values: object | None = None

    def __getattr__(self, name: str) -> object:
        if self._values is None:
            from django.conf import settings

            return getattr(settings, name)
        return getattr(self._values, name)


site = Site()


def use(values: ModuleType) -> None:
    """From here on these values are the settings."""
    site._values = values
