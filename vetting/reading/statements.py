"""Programs of languages without a grammar here, statement by statement: PowerShell, Ruby, PHP, Go and others.

Less is understood than of Python or JavaScript, and in the same terms: what a statement reads, sends or runs, and which
names hand it on. A name that something was put into keeps its labels, and so does a file that something was written to.
"""

import re
from collections.abc import Iterator

from vetting.reading import programs as p
from vetting.reading.places import is_credential, is_secret_name
from vetting.reading.plain_names import CODE, ONE_VARIABLE, SENDS, SHELL, Present
from vetting.reading.programs import Call, Program

LIMIT = 600_000  # characters of one program
JOINED, LENGTH = 40, 6000  # lines of one statement, and its characters
ROUNDS = 4
FEW, MOST = 8, 24  # texts of one value
MANY = "more statements of one program than are followed"
STATEMENTS = 20_000
_LITERAL = re.compile(r"\"((?:[^\"\\\n`]|\\.|`.)*+)\"?|'([^'\n]*+)'?")
_WORD = re.compile(r"[A-Za-z_][\w-]*+(?:\.\w{1,5}\b)?")
_TARGETS = re.compile(
    r"^[ \t({]{0,40}(?:(?:let|var|val|const|my|our|local|final|auto|mut|set|Dim|Set|SET|static|export|def|global|if|String|byte\[\]|[A-Z]\w{1,20})\s{1,3}){0,4}"
    r"([$@%&*]?\w[\w.>:\[\]\"'-]{0,60})(?:\s{0,3},\s{0,3}([$@]?\w{1,40}))?(?:\s{0,3}:\s{0,2}[\w<>\[\]&?]{1,40})?\s{0,3}(?::=|\+=|\.=|<<|=)(?![=~>])"
)
_APPLE = re.compile(r"^\s{0,40}set\s{1,3}(\w{1,40})\s{1,3}to\s")
_EACH = re.compile(
    r"\bfor(?:each)?\s{0,3}\(?\s{0,3}(?:/f\s{1,3}[^%]{0,60})?(?:my\s|var\s|let\s|local\s)?\s{0,3}([$@%]{0,2}\w{1,40})(?:\s{0,3},\s{0,3}([$@]?\w{1,40}))?\s{1,3}(?::=\s{0,3}range|in|as|:)\s|\|\s{0,3}([$@]?\w{1,40})(?:\s{0,3},\s{0,3}(\w{1,40}))?\s{0,3}\|"
)
# What is passed to a thing may be kept in it.
_HOLDER = re.compile(
    r"^[ \t(]{0,40}(?:curl_setopt\w{0,6}\s{0,2}\(\s{0,2})?([$@]?[A-Za-z_]\w{0,40})\s{0,2}(?:\.|->|:|,|<<|\[)"
)
_FILE = re.compile(r"[\w-]{1,60}\.\w{1,5}$")
_COMMENTS = ("#", "//", "--", "'", "REM ", "rem ", "::", "/*", "*")
_OPEN, _CLOSE = re.compile(r"[(\[]"), re.compile(r"[)\]]")
_CONTINUED = ("|", ",", "\\", "`", "_", "¬", "&", "+", "=", ".", "->", "(", "@{")


def read_statements(
    text: str, lang: str, line: int = 1, file: str = "", origin: str = "file", block: object = None
) -> Program:
    program = Program(file, line, lang, text, origin, block=block)
    if not (SENDS.search(text) or SHELL.search(text) or CODE.search(text)):
        return program
    if len(text) > LIMIT:
        program.error = "longer than is read statement by statement"
        return program
    _Flow(program, list(_statements(text))).read()
    return program


def _statements(text: str) -> Iterator[tuple[str, int]]:
    """(statement, line): lines whose brackets are open, or that say that they go on, are one."""
    held: list[str] = []
    first = depth = size = 0
    for number, row in enumerate(text.split("\n")):
        bare = row.strip()
        if not bare or (bare.startswith(_COMMENTS) and not held):
            continue
        goes_on = bool(held) and bare.startswith((".", "->", "|", "&&", "?"))
        if held and depth <= 0 and not goes_on and not held[-1].endswith(_CONTINUED):
            yield " ".join(held), first
            held, depth, size = [], 0, 0
        if not held:
            first = number
        held.append(bare[:LENGTH])
        size += len(bare)
        depth += len(_OPEN.findall(bare)) - len(_CLOSE.findall(bare))
        if len(held) >= JOINED or size >= LENGTH:
            yield " ".join(held), first
            held, depth, size = [], 0, 0
    if held:
        yield " ".join(held), first


class _Value:
    """What reaches a statement, or is kept under a name."""

    __slots__ = ("labels", "secrets", "store", "texts")

    def __init__(self) -> None:
        self.texts: dict[str, None] = {}
        self.labels: set[str] = set()
        self.secrets: set[str] = set()
        self.store = False  # is a credential store named?

    def take(self, other: "_Value") -> bool:
        before = len(self.texts) + len(self.labels) + len(self.secrets) + self.store
        for text in other.texts:
            # Beyond a few only what may name a destination is kept.
            if len(self.texts) < FEW or ("://" in text and len(self.texts) < MOST):
                self.texts[text] = None
        self.labels |= other.labels
        self.secrets |= other.secrets
        self.store = self.store or other.store
        return len(self.texts) + len(self.labels) + len(self.secrets) + self.store > before


class _Flow:
    def __init__(self, program: Program, statements: list[tuple[str, int]]) -> None:
        self.program = program
        if len(statements) > STATEMENTS:
            program.was_cut(MANY, program.line + statements[STATEMENTS][1])
        statements = statements[:STATEMENTS]
        present = Present("\n".join([text for text, _ in statements]))
        self.statements = [_Statement(text, line, present) for text, line in statements]
        self.known: dict[str, _Value] = {}

    def read(self) -> None:
        for _ in range(ROUNDS):
            changed = False
            for statement in self.statements:
                changed |= self._follow(statement)
            if not changed:
                break
        for statement in self.statements:
            self._calls(statement)

    def value(self, statement: "_Statement") -> _Value:
        value = _Value()
        value.take(statement.own)
        for word in statement.words:
            if (held := self.known.get(word)) is not None:
                value.take(held)
        if p.FILE in value.labels and value.store:
            value.labels.add(p.CRED_FILE)
        return value

    def _follow(self, statement: "_Statement") -> bool:
        if not statement.targets:
            return False
        value, changed = self.value(statement), False
        if value.texts or value.labels:
            for name in statement.targets:
                changed |= self.known.setdefault(name, _Value()).take(value)
        return changed

    def _calls(self, statement: "_Statement") -> None:
        self.program.strings += [
            (text, self.program.line + statement.line) for text in statement.own.texts if len(text) > 3
        ]
        if not statement.deeds:
            return
        value = self.value(statement)
        for name, kind in statement.deeds:
            labels = value.labels - ({p.REMOTE} if kind in (p.SENDS, p.FETCHES) else set())
            self.program.calls.append(
                Call(
                    name,
                    self.program.line + statement.line,
                    statement.text[:400],
                    kind,
                    tuple(value.texts),
                    frozenset(labels),
                    frozenset(value.secrets),
                    "",
                    frozenset(labels),
                )
            )


class _Statement:
    """One statement: what it says by itself, which names it uses, and into which it puts something."""

    __slots__ = ("deeds", "line", "own", "targets", "text", "words")

    def __init__(self, text: str, line: int, present: Present) -> None:
        self.text, self.line = text, line
        self.own = _Value()
        literals = [a or b for a, b in _LITERAL.findall(text) if a or b]
        self.own.texts = dict.fromkeys(literals[:40])
        if 1 < len(literals) < 12 and sum(map(len, literals)) < 300:
            self.own.texts["/".join(part.strip("/\\") for part in literals)] = None
        if "://" in text and not any("://" in one for one in literals):
            self.own.texts[text[:400]] = None
        self.own.labels = present.origins(text)
        for name in ONE_VARIABLE.findall(text):
            if is_secret_name(name):
                self.own.labels.add(p.ENV_SECRET)
                self.own.secrets.add(name)
        self.own.store = is_credential(text) or any(map(is_credential, self.own.texts))
        if p.FILE in self.own.labels and self.own.store:
            self.own.labels.add(p.CRED_FILE)
        self.deeds = present.deeds_of(text)
        self.words = frozenset(_WORD.findall(text))
        self.targets = self._targets(text, present)

    def _targets(self, text: str, present: Present) -> frozenset[str]:
        out: list[str] = []
        for pattern in (_TARGETS, _APPLE, _EACH):
            if match := pattern.search(text):
                out += [name for name in match.groups() if name]
        if match := _HOLDER.match(text):
            out.append(match.group(1))
        names = {m.group() for name in out if (m := re.search(r"[A-Za-z_]\w*", name))} - {"this", "self", "_"}
        if present.saves(text):
            names |= {word for word in self.words if _FILE.fullmatch(word) and not word.endswith((".Net", ".com"))}
        return frozenset(names)
