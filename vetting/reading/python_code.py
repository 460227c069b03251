"""Python into calls with their flows, by its own syntax tree. A text that does not parse says so and gives no calls."""

import ast
import re
import textwrap
import warnings

from vetting.reading import programs as p
from vetting.reading.places import HISTORY, credential_in, is_secret_name
from vetting.reading.programs import Call, Program

LIMIT = 600_000  # bytes of one program
ROUNDS = 5
LINES_BLANKED = 12

SENDERS = re.compile(
    r"^(?:requests|httpx|session|client|aiohttp|\w*\.?(?:session|client|http|self\.session))\.(?:post|put|patch|request|send|stream)$"
    r"|^(?:requests|httpx)\.(?:get|head|delete|options|Request)$|urlopen$|urllib\.request\.(?:Request|urlretrieve)$|^urllib3?\.\w*\.?request$|\.(?:sendall|sendto)$"
    r"|^(?:sock|socket|s|conn|client|ws|websocket)\.(?:send|connect)$|sendmail$|send_message$|http\.client\.\w+$|HTTPS?Connection(?:\.request)?$|\.storbinary$|paramiko\.\S+put$"
    r"|upload_file(?:obj)?$|put_object$|getaddrinfo$|gethostbyname$|create_connection$|\.(?:webhook|execute_webhook)$",
)
FETCHERS = re.compile(
    r"^(?:requests|httpx|session|client|aiohttp|\w*session|\w*client)\.(?:get|request|post)$|urlopen$|urlretrieve$|\.recv$|wget\.download$"
)
SHELL = re.compile(
    r"^(?:os\.(?:system|popen|exec\w+|spawn\w+|posix_spawn)|(?:subprocess|sp)\.(?:run|call|Popen|check_output|check_call|getoutput|getstatusoutput)|pty\.spawn|commands\.getoutput|asyncio\.create_subprocess_(?:shell|exec))$"
)
CODE = re.compile(
    r"^(?:exec|eval|compile|__import__|(?:__)?builtins(?:__)?\.(?:exec|eval|compile)|runpy\.run_\w+|code\.InteractiveInterpreter|importlib\.import_module|types\.FunctionType|marshal\.loads|pickle\.loads?|cPickle\.loads|dill\.loads)$"
)
WRITERS = re.compile(
    r"(?:^|\.)(?:write_text|write_bytes|writelines|write)$|^(?:shutil\.(?:copy\w*|move)|os\.(?:rename|symlink|link|chmod))$|^json\.dump$"
)
DELETERS = re.compile(
    r"^(?:shutil\.rmtree|os\.(?:remove|unlink|rmdir|removedirs))$|\.(?:unlink|rmdir|rmtree)$|secure_delete"
)
READERS = re.compile(
    r"^open$|^io\.open$|^codecs\.open$|\.(?:read_text|read_bytes|open|read|readlines|readline)$|^(?:os\.(?:listdir|walk|scandir)|glob\.i?glob)$|\.(?:glob|rglob|iterdir)$"
)
DECODERS = re.compile(
    r"(?:b(?:16|32|64|85)decode|a85decode|urlsafe_b64decode|standard_b64decode|decodebytes|unhexlify|fromhex|decompress|rot13|marshal\.loads|\.decrypt)$|^codecs\.decode$"
)
WATCHERS = re.compile(
    r"(?:pyperclip\.paste|clipboard_get|ImageGrab\.grab\w*|pyautogui\.screenshot|mss\.\w+|pynput\.\S+|keyboard\.(?:on_press|hook|record|read_key)|sounddevice\.rec|cv2\.VideoCapture|CLLocationManager\S*|pyaudio\.\S+|GetAsyncKeyState|SetWindowsHookEx\w*)$"
)
SYSTEMS = re.compile(
    r"^(?:platform\.\w+|socket\.gethostname|socket\.getfqdn|getpass\.getuser|os\.(?:uname|getlogin|getuid)|uuid\.getnode|psutil\.\w+|pwd\.getpw\w+)$"
)
_NAME_SECRET = re.compile(
    r"(?:^|[._])(?:api_?keys?|secrets?|passwords?|private_?keys?|mnemonic|seed_phrase|credentials?|access_token|auth_token)$",
    re.I,
)
_NAME_TALK = re.compile(
    r"(?:^|[._])(?:prompts?|system_prompt|user_(?:input|message|query|prompt)|conversation\w*|chat_history|messages|history|transcript|user_data)$",
    re.I,
)


def read_python(text: str, line: int = 1, file: str = "", origin: str = "file", block: object = None) -> Program:
    program = Program(file, line, "python", text, origin, block=block)
    if len(text) > LIMIT:
        program.error = "longer than the parser's limit"
        return program
    if origin in ("fence", "part"):
        text = textwrap.dedent(text)
    try:
        _Flow(_parse(text, program), program).read()
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        program.error = f"{type(error).__name__}: {str(error)[:120]}"
    return program


def _parse(text: str, program: Program) -> ast.Module:
    """The tree; where lines do not parse they are blanked one by one, for fences are often only nearly Python."""
    rows = text.split("\n")
    for _ in range(LINES_BLANKED):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse("\n".join(rows))
        except SyntaxError as error:
            program.error = program.error or f"SyntaxError in line {error.lineno}: {str(error.msg)[:80]}"
            at = min(max((error.lineno or 1) - 1, 0), len(rows) - 1)
            if len(text) > 60_000 or not rows[at].strip():
                raise
            rows[at] = ""
    raise SyntaxError("not Python")


class _Value:
    """What may be known of an expression: constant texts, labels, environment names."""

    __slots__ = ("labels", "secrets", "texts")

    def __init__(self, texts: tuple[str, ...] = (), labels: frozenset = frozenset(), secrets: frozenset = frozenset()):
        self.texts, self.labels, self.secrets = texts, labels, secrets

    def plus(self, other: "_Value") -> "_Value":
        if not (other.texts or other.labels or other.secrets):
            return self
        texts = self.texts + tuple(t for t in other.texts if t not in self.texts)
        return _Value(texts[:24], self.labels | other.labels, self.secrets | other.secrets)


_NOTHING = _Value()


class _Flow:
    def __init__(self, tree: ast.Module, program: Program) -> None:
        self.tree, self.program = tree, program
        self.aliases: dict[str, str] = {}
        self.values: dict[str, _Value] = {}
        self.functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self.changed = False
        self.memo: dict[int, _Value] = {}
        self.depth = 0

    def read(self) -> None:
        nodes = list(ast.walk(self.tree))
        self._index(nodes)
        flows = [
            n
            for n in nodes
            if isinstance(
                n,
                (
                    ast.Assign,
                    ast.AnnAssign,
                    ast.AugAssign,
                    ast.NamedExpr,
                    ast.For,
                    ast.AsyncFor,
                    ast.With,
                    ast.AsyncWith,
                    ast.Return,
                    ast.Call,
                    ast.comprehension,
                ),
            )
        ]
        for _ in range(ROUNDS):
            self.changed, self.memo = False, {}
            for node in flows:
                self._follow(node)
            if not self.changed:
                break
        self.memo = {}
        loops = (
            {id(inner) for n in nodes if isinstance(n, (ast.While, ast.For)) for inner in ast.walk(n)}
            if any(isinstance(n, (ast.While, ast.For)) for n in nodes) and len(nodes) < 40_000
            else set()
        )
        for node in nodes:
            if isinstance(node, ast.Call):
                self.program.calls.append(self._call(node, id(node) in loops))
            elif isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and node.test.value:
                if not any(isinstance(n, (ast.Break, ast.Return, ast.Raise)) for n in ast.walk(node)):
                    self.program.forever.append(self.program.line + node.lineno - 1)

    def _index(self, nodes: list[ast.AST]) -> None:
        strings, imports = self.program.strings, set()
        for node in nodes:
            if isinstance(node, ast.Import):
                for name in node.names:
                    imports.add(name.name)
                    self.aliases[name.asname or name.name.split(".")[0]] = (
                        name.name if name.asname else name.name.split(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom) and node.module:
                imports.add(node.module)
                for name in node.names:
                    self.aliases[name.asname or name.name] = f"{node.module}.{name.name}"
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.functions[node.name] = node
                for child in ast.walk(node):
                    if isinstance(child, ast.Return):
                        child.owner = node.name  # type: ignore[attr-defined]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 3:
                strings.append((node.value, self.program.line + node.lineno - 1))
        self.program.imports = frozenset(imports)

    def _put(self, name: str, value: _Value) -> None:
        if not (value.texts or value.labels or value.secrets):
            return
        old = self.values.get(name, _NOTHING)
        new = old.plus(value)
        if new.labels != old.labels or len(new.texts) != len(old.texts) or new.secrets != old.secrets:
            self.values[name] = new
            self.changed = True

    def _targets(self, target: ast.AST) -> list[str]:
        if isinstance(target, ast.Name):
            return [target.id]
        if isinstance(target, ast.Attribute):
            return [self._dotted(target)]
        if isinstance(target, ast.Subscript):
            return self._targets(target.value)
        if isinstance(target, (ast.Tuple, ast.List)):
            return [name for item in target.elts[:20] for name in self._targets(item)]
        return self._targets(target.value) if isinstance(target, ast.Starred) else []

    def _follow(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            value = self.value(node.value)
            for target in node.targets:
                for name in self._targets(target):
                    self._put(name, value)
            self._rename(node)
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)) and node.value is not None:
            for name in self._targets(node.target):
                self._put(name, self.value(node.value))
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            for name in self._targets(node.target):
                self._put(name, self.value(node.iter))
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if item.optional_vars is not None:
                    for name in self._targets(item.optional_vars):
                        self._put(name, self.value(item.context_expr))
        elif isinstance(node, ast.Return) and node.value is not None and hasattr(node, "owner"):
            self._put(f"{node.owner}()", self.value(node.value))
        elif isinstance(node, ast.Call):
            self._pass_arguments(node)

    def _rename(self, node: ast.Assign) -> None:
        """f = getattr(os, "system"), m = import_module("os"), g = os.system: another name for the same thing."""
        target, name = node.targets[0], ""
        if not isinstance(target, ast.Name) or target.id in self.aliases:
            return
        if isinstance(node.value, ast.Attribute):
            name = self._dotted(node.value)
        elif isinstance(node.value, ast.Subscript):
            key = self.value(node.value.slice).texts
            name = key[0] if len(key) == 1 and key[0] in ("exec", "eval", "compile", "__import__") else ""
        elif isinstance(node.value, ast.Call):
            called = self._dotted(node.value.func)
            if called == "getattr" and len(node.value.args) > 1:
                name = self._reflected(node.value)
            elif called in ("__import__", "importlib.import_module") and node.value.args:
                name = "".join(self.value(node.value.args[0]).texts)
                name = name if name in ("os", "subprocess", "builtins", "socket", "requests", "pty") else ""
            elif called.endswith(("HTTPSConnection", "HTTPConnection", "SMTP", "SMTP_SSL")):
                self.aliases[target.id] = called
                self.changed = True
                return
        if name and (SHELL.match(name) or CODE.match(name) or "." not in name):
            self.aliases[target.id] = name
            self.changed = True

    def _pass_arguments(self, node: ast.Call) -> None:
        """Into a local function's parameters, and into the list or dictionary a method changes."""
        name = self._dotted(node.func)
        local = self.functions.get(name.rsplit(".", 1)[-1])
        if local is not None:
            names = [a.arg for a in local.args.posonlyargs + local.args.args]
            if names[:1] in (["self"], ["cls"]):
                names = names[1:]
            for parameter, argument in zip(names, node.args, strict=False):
                self._put(parameter, self.value(argument))
            for keyword in node.keywords:
                if keyword.arg:
                    self._put(keyword.arg, self.value(keyword.value))
        elif isinstance(node.func, ast.Attribute) and node.func.attr in (
            "append",
            "add",
            "update",
            "extend",
            "write",
            "insert",
            "setdefault",
        ):
            for target in self._targets(node.func.value):
                for argument in node.args:
                    self._put(target, self.value(argument))

    def _dotted(self, node: ast.AST) -> str:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            parts.append(self.aliases.get(node.id, node.id))
        elif isinstance(node, ast.Call):
            inner = self._dotted(node.func)
            if (
                inner in ("__import__", "importlib.import_module")
                and node.args
                and (texts := self.value(node.args[0]).texts)
            ):
                inner = "".join(texts)[:60]
            elif inner == "getattr" and len(node.args) > 1:
                inner = self._reflected(node)
            parts.append(inner)
        else:
            parts.append("")
        return ".".join(reversed(parts))[:200]

    def _reflected(self, node: ast.Call) -> str:
        """getattr(os, "sys" + "tem") is os.system."""
        tail = self.value(node.args[1]).texts
        return f"{self._dotted(node.args[0])}.{''.join(tail) if tail else '?'}"

    def value(self, node: ast.AST | None) -> _Value:
        if node is None or self.depth > 60:
            return _NOTHING
        key = id(node)
        if key not in self.memo:
            self.memo[key] = _NOTHING
            self.depth += 1
            try:
                self.memo[key] = self._value(node)
            finally:
                self.depth -= 1
        return self.memo[key]

    def _value(self, node: ast.AST) -> _Value:
        if isinstance(node, ast.Constant):
            return _Value((node.value[:4000],)) if isinstance(node.value, str) and node.value else _NOTHING
        if isinstance(node, ast.Name):
            found = self.values.get(node.id, _NOTHING)
            return found.plus(self._by_name(self.aliases.get(node.id, node.id)))
        if isinstance(node, ast.Attribute):
            name = self._dotted(node)
            found = self.values.get(name, _NOTHING).plus(self._by_name(name))
            return found.plus(self.value(node.value))
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
            return self._joined(
                self.value(node.left), self.value(node.right), "/" if isinstance(node.op, ast.Div) else ""
            )
        if isinstance(node, ast.JoinedStr):
            return self._format(node)
        if isinstance(node, ast.Call):
            return self._called(node)
        if isinstance(node, ast.Subscript):
            return self._item(node)
        out = _NOTHING
        for child in ast.iter_child_nodes(node):
            out = out.plus(self.value(child))
        return out

    @staticmethod
    def _joined(left: _Value, right: _Value, glue: str = "") -> _Value:
        both = left.plus(right)
        if len(left.texts) == 1 and len(right.texts) == 1:
            return _Value((left.texts[0] + glue + right.texts[0],), both.labels, both.secrets)
        return both

    def _format(self, node: ast.JoinedStr) -> _Value:
        parts, out = [], _NOTHING
        for item in node.values:
            value = self.value(item.value if isinstance(item, ast.FormattedValue) else item)
            parts.append(value.texts[0] if len(value.texts) == 1 else "{}")
            out = out.plus(_Value((), value.labels, value.secrets))
        return _Value(("".join(parts)[:4000],), out.labels, out.secrets)

    def _by_name(self, name: str) -> _Value:
        if name == "os.environ":
            return _Value((), frozenset({p.ENV_ALL}))
        if name in ("sys.argv", "sys.stdin"):
            return _Value((), frozenset({p.INPUT}))
        if _NAME_TALK.search(name):
            return _Value((), frozenset({p.TALK}))
        return _NOTHING

    def _environment(self, name: str) -> _Value:
        if is_secret_name(name):
            return _Value((), frozenset({p.ENV_SECRET}), frozenset({name}))
        return _NOTHING

    def _item(self, node: ast.Subscript) -> _Value:
        if self._dotted(node.value) == "os.environ":
            keys = self.value(node.slice).texts
            return self._environment(keys[0]) if keys else _Value((), frozenset({p.ENV_SECRET}))
        return self.value(node.value).plus(
            self.value(node.slice) if not isinstance(node.slice, ast.Slice) else _NOTHING
        )

    def _called(self, node: ast.Call) -> _Value:
        name = self._dotted(node.func)
        if name in ("os.environ.get", "os.getenv", "os.environ.pop", "environ.get"):
            keys = self.value(node.args[0]).texts if node.args else ()
            default = self.value(node.args[1]) if len(node.args) > 1 else _NOTHING
            return (self._environment(keys[0]) if keys else _NOTHING).plus(default)
        out = _NOTHING
        for argument in [*node.args, *(k.value for k in node.keywords)]:
            out = out.plus(self.value(argument))
        if isinstance(node.func, ast.Attribute):
            out = self._method(node, self.value(node.func.value), out)
        elif isinstance(node.func, ast.Call):
            out = out.plus(self.value(node.func))
        out = out.plus(self.values.get(f"{name.rsplit('.', 1)[-1]}()", _NOTHING))
        return _Value(out.texts, out.labels | self._labels(name, out), out.secrets)

    @staticmethod
    def _method(node: ast.Call, owner: _Value, arguments: _Value) -> _Value:
        method = node.func.attr  # type: ignore[attr-defined]
        if method == "join" and len(owner.texts) == 1 and arguments.texts and len(owner.texts[0]) < 3:
            return _Value((owner.texts[0].join(arguments.texts),), arguments.labels, arguments.secrets)
        if method in ("joinpath", "join") and len(owner.texts) == 1 and len(arguments.texts) >= 1:
            return _Value(
                ("/".join([owner.texts[0], *arguments.texts]),), owner.labels | arguments.labels, arguments.secrets
            )
        return owner.plus(arguments)

    def _labels(self, name: str, arguments: _Value) -> frozenset[str]:
        labels = set()
        if (
            READERS.search(name)
            or name in ("os.path.expanduser", "Path", "pathlib.Path", "os.path.join")
            or name.endswith(".expanduser")
        ):
            if any(credential_in(t) or HISTORY.search(t) for t in arguments.texts):
                labels.add(p.CRED_FILE)
            if READERS.search(name):
                labels.add(p.FILE)
        if FETCHERS.search(name):
            labels.add(p.REMOTE)
        if DECODERS.search(name):
            labels.add(p.DECODED)
        if WATCHERS.search(name):
            labels.add(p.WATCH)
        if SYSTEMS.match(name):
            labels.add(p.SYSTEM)
        if SHELL.match(name):
            labels |= self._shell_labels(" ".join(arguments.texts))
        if name in ("input", "sys.stdin.read"):
            labels.add(p.INPUT)
        return frozenset(labels)

    @staticmethod
    def _shell_labels(command: str) -> set[str]:
        labels = set()
        if re.search(
            r"\b(?:pbpaste|xclip|xsel|wl-paste|Get-Clipboard|screencapture|scrot|gnome-screenshot|imagesnap|arecord)\b",
            command,
        ):
            labels.add(p.WATCH)
        if credential_in(command) or HISTORY.search(command):
            labels.add(p.CRED_FILE)
        if re.search(r"\b(?:whoami|hostname|uname|ifconfig|ip addr|systeminfo)\b", command):
            labels.add(p.SYSTEM)
        if re.search(r"(?:^|[;&|\s])(?:env|printenv|set)(?:$|[;&|\s])", command):
            labels.add(p.ENV_ALL)
        if re.search(r"\b(?:curl|wget)\b", command):
            labels.add(p.REMOTE)
        return labels

    def _call(self, node: ast.Call, in_loop: bool) -> Call:
        name = self._dotted(node.func)
        if name == "getattr" and len(node.args) > 1:
            name = self._reflected(node)
        first = self.value(node.args[0]) if node.args else _NOTHING
        value = first
        for argument in [*node.args[1:], *(k.value for k in node.keywords)]:
            value = value.plus(self.value(argument))
        if isinstance(node.func, ast.Attribute) and not SENDERS.search(name):
            value = value.plus(self.value(node.func.value))
        value = _Value(value.texts, value.labels | self._labels(name, value), value.secrets)
        line = self.program.line + node.lineno - 1
        keywords = tuple(k.arg for k in node.keywords if k.arg)
        return Call(
            name,
            line,
            self._source(node),
            _kind(name, keywords, len(node.args)),
            value.texts,
            value.labels,
            value.secrets,
            "",
            first.labels,
            in_loop,
            keywords,
        )

    def _source(self, node: ast.Call) -> str:
        lines = self.program.text.split("\n") if not hasattr(self, "_lines") else self._lines
        self._lines = lines
        return " ".join(
            line.strip() for line in lines[node.lineno - 1 : min(node.end_lineno or node.lineno, node.lineno + 3)]
        )[:400]


def _kind(name: str, keywords: tuple[str, ...], positional: int) -> str:
    if CODE.match(name):
        return p.RUNS_CODE
    if SHELL.match(name):
        return p.RUNS_SHELL
    if SENDERS.search(name):
        get = name.endswith((".get", ".head", "urlopen", "urlretrieve"))
        carries = (
            bool({"data", "json", "files", "params", "headers", "content", "body"} & set(keywords)) or positional > 1
        )
        return p.SENDS if not get or carries else p.FETCHES
    if FETCHERS.search(name):
        return p.FETCHES
    if DELETERS.search(name):
        return p.DELETES
    if WRITERS.search(name):
        return p.WRITES
    return p.READS if READERS.search(name) else ""
