"""Programs of languages without a grammar here, statement by statement: PowerShell, Ruby, PHP, Go and others.

Less is understood than of Python or JavaScript, and in the same terms: what a statement reads, sends or runs, and which
names hand it on. A name that something was put into keeps its labels, and so does a file that something was written to.
"""

import re
from collections.abc import Iterator

from vetting.reading import programs as p
from vetting.reading.places import is_credential, is_secret_name
from vetting.reading.plain_names import CODE, ONE_VARIABLE, SENDS, SHELL, Present
from vetting.reading.prefilter import known
from vetting.reading.programs import Call, Program, as_written
from vetting.reading.sifting import gist
from vetting.reading.value import FEW, NOTHING, Value, together, within

LIMIT = 600_000  # characters of one program
# Lines of one statement, and its characters. What is longer is read in parts, each behind the statement's first line;
# after so many parts a bracket stands in a text rather than around one, and what follows is read by itself.
JOINED, LENGTH, FIRST, PARTS = 40, 6000, 400, 10
STATEMENTS, ROUNDS, STEPS = 20_000, 60, 100_000
MANY = "more statements of one program than are followed"
OFTEN = "values that a program hands on more often than is followed"
LONG = "a line of a program that is longer than is followed"
# Beside the labels of programs: a credential store is named.
_STORE = "store"
_LITERAL = re.compile(r"\"((?:[^\"\\\n`]|\\.|`.)*+)\"?|'([^'\n]*+)'?")
_WORD = re.compile(r"[A-Za-z_][\w-]*+(?:\.\w{1,5}\b)?")
_TARGETS = re.compile(
    r"^[ \t({]{0,40}(?:(?:let|var|val|const|my|our|local|final|auto|mut|set|Dim|Set|SET|static|export|def|global"
    r"|if|String|byte\[\]|[A-Z]\w{1,20})\s{1,3}){0,4}"
    r"([$@%&*]?\w[\w.>:\[\]\"'-]{0,60})(?:\s{0,3},\s{0,3}([$@]?\w{1,40}))?"
    r"(?:\s{0,3}:\s{0,2}[\w<>\[\]&?]{1,40})?\s{0,3}(?::=|\+=|\.=|<<|=)(?![=~>])"
)
_APPLE = re.compile(r"^\s{0,40}set\s{1,3}(\w{1,40})\s{1,3}to\s")
_EACH = re.compile(
    r"\bfor(?:each)?\s{0,3}\(?\s{0,3}(?:/f\s{1,3}[^%]{0,60})?(?:my\s|var\s|let\s"
    r"|local\s)?\s{0,3}([$@%]{0,2}\w{1,40})(?:\s{0,3},\s{0,3}([$@]?\w{1,40}))?\s{1,3}(?::=\s{0,3}range|in|as|:)\s"
    r"|\|\s{0,3}([$@]?\w{1,40})(?:\s{0,3},\s{0,3}(\w{1,40}))?\s{0,3}\|"
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
    text = known(text)
    program = Program(file, line, lang, text, origin, block=block)
    if not (SENDS.search(text) or SHELL.search(text) or CODE.search(text)):
        return program
    if len(text) > LIMIT:
        program.error = "longer than is read statement by statement"
        program.was_cut(MANY, line)
        return program
    _Flow(program, list(_statements(text, program))).read()
    return program


def _statements(text: str, program: Program) -> Iterator[tuple[str, int]]:
    """(statement, line): lines whose brackets are open, or that say that they go on, are one."""
    held: list[str] = []
    first = depth = size = parts = 0
    for number, row in enumerate(text.split("\n")):
        bare = row.strip()
        if not bare or (bare.startswith(_COMMENTS) and not held):
            continue
        goes_on = bool(held) and bare.startswith((".", "->", "|", "&&", "?"))
        if held and depth <= 0 and not goes_on and not held[-1].endswith(_CONTINUED):
            yield " ".join(held), first
            held, depth, size, parts = [], 0, 0, 0
        elif len(held) >= JOINED or size >= LENGTH:
            yield " ".join(held), first
            parts = (parts + 1) % PARTS
            held, depth, size = ([held[0][:FIRST]], depth, 0) if parts else ([], 0, 0)
        if not held:
            first = number
        bare, whole = gist(bare, LENGTH)
        if not whole:
            program.was_cut(LONG, program.line + number)
        held.append(bare)
        size += len(bare)
        depth += len(_OPEN.findall(bare)) - len(_CLOSE.findall(bare))
    if held:
        yield " ".join(held), first


class _Flow:
    """known is what may stand under each name, whatever the order of the statements."""

    def __init__(self, program: Program, statements: list[tuple[str, int]]) -> None:
        self.program = program
        if len(statements) > STATEMENTS:
            program.was_cut(MANY, program.line + statements[STATEMENTS][1])
        statements = statements[:STATEMENTS]
        present = Present("\n".join([text for text, _ in statements]))
        self.statements = [_Statement(text, line, present) for text, line in statements]
        self.known: dict[str, Value] = {}

    def read(self) -> None:
        passing = [statement for statement in self.statements if statement.targets]
        for _ in range(max(4, min(ROUNDS, STEPS // (len(passing) or 1)))):
            changed = [self._follow(statement) for statement in passing]
            if not any(changed):
                break
            passing.reverse()
        else:
            self.program.was_cut(OFTEN, self.program.line)
        for statement in self.statements:
            self._calls(statement)

    def value(self, statement: "_Statement") -> Value:
        held = [self.known[word] for word in statement.words if word in self.known]
        value = together([statement.own, *held]) if held else statement.own
        if {p.FILE, _STORE} <= value.labels:
            return value.plus(_CREDENTIAL)
        return value

    def _follow(self, statement: "_Statement") -> bool:
        """Is anything known by it that was not known before?"""
        value, changed = self.value(statement), False
        for name in statement.targets:
            before = self.known.get(name, NOTHING)
            self.known[name] = after = before.plus(value)
            changed |= after is not before
        return changed

    def _calls(self, statement: "_Statement") -> None:
        line = self.program.line + statement.line
        self.program.strings += [(text, line) for text in statement.own.texts if len(text) > 3]
        if not statement.deeds:
            return
        value = self.value(statement)
        if p.CUT in value.labels:
            self.program.was_cut("more texts than are kept of what a program does", line)
        labels = value.origins - {_STORE}
        for name, kind in statement.deeds:
            brought = labels - {p.REMOTE} if kind in (p.SENDS, p.FETCHES) else labels
            source = as_written(statement.text)
            self.program.calls.append(
                Call(name, line, source, kind, value.texts, brought, value.secrets, "", first_labels=brought)
            )


_CREDENTIAL = Value((), frozenset({p.CRED_FILE}))


class _Statement:
    """One statement: what it says by itself, which names it uses, and into which it puts something."""

    __slots__ = ("deeds", "line", "own", "targets", "text", "words")

    def __init__(self, text: str, line: int, present: Present) -> None:
        self.text, self.line = text, line
        self.own = _own(text, present)
        self.deeds = present.deeds_of(text)
        self.words = tuple(dict.fromkeys(_WORD.findall(text)))
        self.targets = self._targets(text, present)

    def _targets(self, text: str, present: Present) -> tuple[str, ...]:
        out: list[str] = []
        for pattern in (_TARGETS, _APPLE, _EACH):
            if match := pattern.search(text):
                out += [name for name in match.groups() if name]
        if match := _HOLDER.match(text):
            out.append(match.group(1))
        names = [m.group() for name in out if (m := re.search(r"[A-Za-z_]\w*", name))]
        if present.saves(text):
            names += [word for word in self.words if _FILE.fullmatch(word) and not word.endswith((".Net", ".com"))]
        return tuple(name for name in dict.fromkeys(names) if name not in ("this", "self", "_"))


def _own(text: str, present: Present) -> Value:
    """What a statement says by itself, before any name in it is looked up."""
    literals = [a or b for a, b in _LITERAL.findall(text) if a or b]
    texts = dict.fromkeys(literals)
    if 1 < len(literals) < 12 and sum(map(len, literals)) < 300:
        texts["/".join(part.strip("/\\") for part in literals)] = None
    if "://" in text and not any("://" in one for one in literals):
        texts[text] = None
    labels, names = present.origins(text), [name for name in ONE_VARIABLE.findall(text) if is_secret_name(name)]
    if names:
        labels.add(p.ENV_SECRET)
    if is_credential(text) or any(map(is_credential, texts)):
        labels.add(_STORE)
        if p.FILE in labels:
            labels.add(p.CRED_FILE)
    kept, left_out = within(tuple(texts), FEW)
    return Value(kept, left_out.union(labels), frozenset(names))
