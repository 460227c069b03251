"""What encoding hides, opened layer by layer: encodings in encodings, compressed bytes and archives in either.

Bounded in depth, pieces and bytes, and what a bound cut off is told, never dropped in silence. Nothing is run, and
nothing is unpickled or unmarshalled.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vetting.reading.encodings import Candidate, candidates
from vetting.reading.formats import archive
from vetting.reading.prefilter import known

DEPTH = 4
PIECES = 400
BYTES = 24_000_000
# Places that checks look at one by one, after a pattern found them.
LOOKS = 100_000
_PROGRAMS = (b"\x7fELF", b"PK\x03\x04", b"\x89PNG", b"%PDF", b"\xff\xd8\xff\xe0", b"wOF2", b"wOFF")
_COMMAND = re.compile(
    rb"[\n;][ \t]{0,40}(?:sudo |export |exec |eval )?(?:curl|wget|bash|sh|nc|python3?|perl|rm|chmod|echo|eval"
    rb"|cat)[ \t][\x20-\x7e]{8,}"
)
_RUN, _WIDE_RUN = re.compile(rb"[\x20-\x7e]{6,}+"), re.compile(rb"(?:[\x20-\x7e]\0){6,}+")
_ART = re.compile(rb"[\x20-\x7e\t\r\n]")


@dataclass(frozen=True, slots=True)
class Layer:
    """A text that was hidden: how (the chain of encodings), and where its carrier stands."""

    text: str
    how: str
    offset: int
    carrier: str
    binary: bool = False


class Budget:
    """What all decoding of one skill may cost together."""

    def __init__(self) -> None:
        self.pieces, self.bytes, self.looks = PIECES, BYTES, LOOKS
        self.cut: list[str] = []
        self.searched: list[str] = []  # files that were only searched for words, being too long to be read closely

    def spend(self, size: int, what: str, pieces: int = 1) -> bool:
        if self.pieces < pieces or self.bytes < size:
            self.note(f"{what}: more encoded or packed bytes than are looked into")
            return False
        self.pieces -= pieces
        self.bytes -= size
        return True

    def look(self) -> bool:
        """May one more place be looked at?"""
        self.looks -= 1
        if self.looks < 0:
            self.note("more places that checks ask about than are looked at one by one")
        return self.looks >= 0

    def note(self, what: str) -> None:
        """Say what was not looked into."""
        if len(self.cut) < 20 and what not in self.cut:
            self.cut.append(what)


def looks_like_text(data: bytes) -> bool:
    if len(data) < 6:
        return False
    sample = data[:4096]
    return len(_ART.findall(sample)) > len(sample) * 0.93


def _readable(data: bytes) -> str | None:
    """The text in decoded bytes; PowerShell's encoded commands are UTF-16."""
    if data[1:2] == b"\0" and data[1::2].count(0) > len(data) * 0.4:
        data = data.decode("utf-16-le", "replace").encode("utf-8", "replace")
    return data.decode("utf-8", "replace") if looks_like_text(data) else None


def _among_junk(data: bytes) -> str:
    """A shell runs the lines it understands of what is no text; the readable ones, where one of them is a command."""
    found = _COMMAND.search(data) if data[:4] not in _PROGRAMS else None
    return printable_runs(data) if found else ""


def layers_of(text: str, budget: Budget, found: Iterable[Candidate] | None = None) -> list[Layer]:
    """Every readable text hidden in a text, however many times it was wrapped; found are its candidates, if known."""
    out: list[Layer] = []
    pending = [(candidates(text) if found is None else found, "", 0, "", 0)]
    while pending:
        inside, how, offset, carrier, depth = pending.pop()
        for kind, data, at, word in inside:
            place, token = (offset, carrier) if carrier else (at, word)
            for chain, hidden in _unpacked(data, f"{how} → {kind}" if how else kind, budget):
                if hidden is None:
                    out.append(Layer("", chain, place, token, True))
                    continue
                if not budget.spend(len(hidden), chain):
                    return out
                out.append(Layer(known(hidden), chain, place, token))
                if depth + 1 < DEPTH:
                    pending.append((candidates(hidden), chain, place, token, depth + 1))
                elif next(candidates(hidden), None):
                    budget.note(f"{chain}: encoded deeper than is looked into")
    return out


def _unpacked(data: bytes, chain: str, budget: Budget, depth: int = 0) -> Iterator[tuple[str, str | None]]:
    """(chain, text) of what decoded bytes hold; the text is None for a program or an archive that stays shut."""
    data, packed, whole = archive.opened(data)
    if packed:
        chain = f"{chain} → {packed}"
        if not whole:
            budget.note(f"{chain}: unpacks to more than is read")
    if (text := _readable(data)) is not None or (text := _among_junk(data)):
        yield chain, text
    elif data[:4] == b"\x7fELF" or (data[:2] == b"MZ" and len(data) > 64):
        yield chain, None
    elif data[:4] == b"PK\x03\x04" or data[257:262] == b"ustar":
        yield chain, None
        if depth < DEPTH:
            for name, content, _ in archive.members_of("archive", data, budget):
                if content:
                    yield from _unpacked(content, f"{chain} → {name.partition('!')[2]}", budget, depth + 1)
    elif packed and depth < DEPTH and archive.is_archive(data):
        yield from _unpacked(data, chain, budget, depth + 1)


def printable_runs(data: bytes) -> str:
    """The readable strings of a binary, one a line, as `strings` would show them; those in UTF-16 too."""
    runs = [m.group().decode("ascii") for m in _RUN.finditer(data)]
    runs += [m.group().decode("utf-16-le") for m in _WIDE_RUN.finditer(data)]
    return "\n".join(runs)
