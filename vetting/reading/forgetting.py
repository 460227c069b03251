"""Forgets what earlier skills left behind for later ones: to measure what a skill costs that is like no other."""

from vetting.reading import prefilter, shelf
from vetting.reading.prose import sentences


def forget() -> None:
    """What was read of files and sentences. What words and names mean stays, for it belongs to no skill."""
    shelf.forget()
    prefilter.forget()
    sentences.forget()
