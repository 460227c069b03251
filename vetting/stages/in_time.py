"""An end to work that takes too long, wherever it is at that moment.

Between two checks the clock is asked anyway; one check, or a reader that it calls, may itself be what takes the time.
In the main thread of a process a timer that counts CPU time stops it there. Other threads cannot be stopped and go on.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

AGAIN = 1.0  # seconds after which it is said again: what was said may have been taken for trouble of some reader
LEAST = 0.001
Given = TypeVar("Given")


class OutOfTime(Exception):
    """The work was stopped where it was."""


def in_time(work: Callable[[], Given], seconds: float) -> Given:
    """What the work gives, or OutOfTime after so many seconds of CPU."""
    if threading.current_thread() is not threading.main_thread():
        return work()
    before = signal.signal(signal.SIGPROF, _stop)
    try:
        try:
            signal.setitimer(signal.ITIMER_PROF, max(seconds, LEAST), AGAIN)
            return work()
        finally:
            # Twice, for the last call of the timer may come at this very line; there is none within a second of it.
            signal.setitimer(signal.ITIMER_PROF, 0)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise OutOfTime
