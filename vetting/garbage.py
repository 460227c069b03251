"""How often Python looks for garbage.

Vetting makes trees of many small objects that all die together at its end; looking through them again and again on the
way costs a tenth of the time and finds next to nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Objects made between two looks at the young, and how many of those come before a look at the older: ten times Python's
# own measure. It costs some 25 MB.
YOUNG, MIDDLE, OLD = 50_000, 20, 100


def look_seldom() -> None:
    """For a process that does nothing but vet: what is loaded by now stays to its end and is not looked at again."""
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)


@contextmanager
def not_looked_for() -> Iterator[None]:
    """While modules are loaded, which make nothing but what stays."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
