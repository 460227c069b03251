"""What a program does, in one shape for every language: its calls, and what flows into them.

A label names where a value came from. Flows are followed through assignments, functions and their returns inside one
program, without regard to order: a flow that might be is a flow.
"""

from dataclasses import dataclass, field, replace

from vetting.reading.pieced import IN_PIECES, Plain

ENV_ALL = "env-all"  # the whole environment
ENV_SECRET = "env-secret"  # one variable whose name says secret  # noqa: S105
CRED_FILE = "cred-file"  # a file of a known credential store
FILE = "file"  # some file's contents
SYSTEM = "system"  # who and where this machine is
WATCH = "watch"  # clipboard, screen, keys, microphone, camera, position
REMOTE = "remote"  # what the network answered
DECODED = "decoded"  # what was decoded, decrypted or unpacked
INPUT = "input"  # arguments and standard input
TALK = "talk"  # the conversation: prompts, messages, history
CUT = "cut"  # more than is followed: never a label of a call, its program says so instead

SENDS = "sends"  # a request that can carry a body or parameters out
FETCHES = "fetches"
RUNS_SHELL = "runs-shell"
RUNS_CODE = "runs-code"
WRITES = "writes"
DELETES = "deletes"
READS = "reads"

FIRST, LONGEST_PLACE = 6, 300
# Letters of a call as it is written, and of a longer one those of its end.
WRITTEN, ITS_END = 4000, 1300


def as_written(text: str) -> str:
    """A call as it is written. In the middle of a long one stand its arguments, which are followed as values, and calls
    of their own; how it begins and how it ends is what a check may ask."""
    return text if len(text) <= WRITTEN else f"{text[: WRITTEN - ITS_END]} … {text[-ITS_END:]}"


@dataclass(slots=True)
class Call:
    """One call: its dotted name, what kind of deed it is, the strings and labels that reach its arguments.

    texts holds the constant strings that reach the arguments (through variables too), where the first argument's come
    first; secrets names the environment variables that do.
    """

    name: str
    line: int
    source: str
    kind: str = ""
    texts: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    function: str = ""
    first_labels: frozenset[str] = frozenset()
    in_loop: bool = False
    keywords: tuple[str, ...] = ()

    @property
    def places(self) -> list[str]:
        """The texts that may name a file or a host: the first ones, and of the others those that are no sentences."""
        return [
            text
            for number, text in enumerate(self.texts)
            if number < FIRST or (len(text) < LONGEST_PLACE and text.count(" ") < 3 and "\n" not in text)
        ]


@dataclass(slots=True)
class Program:
    """One parsed piece of code, a file or a fence. error says why it could not be parsed."""

    file: str
    line: int
    lang: str
    text: str
    origin: str = "file"
    calls: list[Call] = field(default_factory=list)
    strings: list[tuple[str, int]] = field(default_factory=list)
    imports: frozenset[str] = frozenset()
    error: str = ""
    block: object = None
    forever: list[int] = field(default_factory=list)
    entry: bool = False
    made: list[tuple[str, int]] = field(default_factory=list)  # short texts that were not written in one piece
    cut: str = ""  # what was not followed of it, for the reader of the report, and where
    cut_at: int = 0
    # Why no version of its language could run this text, and where; and the first line of it that was not understood.
    broken: str = ""
    broken_at: int = 0
    left_out: int = 0

    def was_cut(self, what: str, line: int) -> None:
        """Say what was not followed; the first place is enough."""
        if not self.cut:
            self.cut, self.cut_at = what, line

    def put_together(self, plain: Plain) -> "Program":
        """This program, whose texts were put into one piece before it was read."""
        if plain.made:
            self.made = [(text, self.line + row) for text, row in plain.made]
        if not plain.whole:
            self.was_cut(IN_PIECES, self.line)
        return self

    def placed(self, file: str, line: int, block: object = None) -> "Program":
        """This program, which was read from its first line on, as it stands in a file at a line."""
        below = line - self.line
        return replace(
            self,
            file=file,
            line=line,
            block=block,
            calls=[replace(call, line=call.line + below) for call in self.calls] if below else self.calls,
            made=[(text, at + below) for text, at in self.made] if below else self.made,
            strings=[(text, at + below) for text, at in self.strings] if below else self.strings,
            forever=[at + below for at in self.forever],
            cut_at=self.cut_at + below,
            broken_at=self.broken_at + below,
            left_out=self.left_out + below if self.left_out else 0,
        )
