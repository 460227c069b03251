"""Which steps of a flow have to be gone again: those that asked for a name of which more is known by now.

A step that asked for nothing new would find what it found before; most steps of a program are gone once.
"""


class Again:
    """Steps are spoken of by their place; `step` is the one that is being gone."""

    def __init__(self) -> None:
        self.step = -1
        self.due: set[int] = set()
        self._askers: dict[str, set[int]] = {}
        # Under each step, those that took over what it had worked out: whatever it asked for, they did too.
        self._heirs: dict[int, set[int]] = {}
        self._heard: set[int] = set()

    def begin(self, step: int) -> None:
        self.step, self._heard = step, set()
        self.due.discard(step)

    def end(self) -> None:
        """What was taken over from a step that is due was old already."""
        for other in self._heard:
            self._heirs.setdefault(other, set()).add(self.step)
        if not self.due.isdisjoint(self._heard):
            self._mark(self.step)

    def asked(self, name: str) -> None:
        self._askers.setdefault(name, set()).add(self.step)

    def took_over(self, other: int) -> None:
        if other != self.step:
            self._heard.add(other)

    def changed(self, name: str) -> None:
        # Whoever is due asks anew; a name that changes often is no more work than the asking was.
        for step in self._askers.pop(name, ()):
            self._mark(step)

    def _mark(self, step: int) -> None:
        pending = [step]
        while pending:
            step = pending.pop()
            if step not in self.due:
                self.due.add(step)
                pending += self._heirs.get(step, ())
