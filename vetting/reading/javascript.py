"""JavaScript and TypeScript into calls with their flows, through tree-sitter; a broken file gives what can be read."""

import re

import tree_sitter_javascript
from tree_sitter import Language, Node

from vetting.reading import programs as p
from vetting.reading.places import HISTORY, credential_in, is_secret_name
from vetting.reading.programs import Call, Program
from vetting.reading.trees import parse

JAVASCRIPT = Language(tree_sitter_javascript.language())
LIMIT = 600_000
ROUNDS = 4
WORK = 600_000

SENDERS = re.compile(
    r"(?:^|\.)(?:fetch|axios|got|ky|request|superagent|needle)$|^(?:axios|got|ky|superagent|needle|\$|https?|instance|client|api)\.(?:post|put|patch|request|ajax)$|sendBeacon$|(?:xhr|req|request|socket|ws|client)\.(?:send|write|end)$|\.sendMail$|\bnew WebSocket$|\.emit$"
)
FETCHERS = re.compile(r"(?:^|\.)(?:fetch|axios|got|ky|request)$|^(?:axios|https?|got|ky|client|api)\.get$")
SHELL = re.compile(
    r"(?:^|\.)(?:exec|execSync|execFile|execFileSync|spawn|spawnSync|fork|execa|execaSync|execaCommand)$|\$\.raw$|Bun\.spawn$|Deno\.(?:run|Command)$"
)
CODE = re.compile(
    r"^(?:eval|Function|globalThis\.eval|window\.eval|global\.eval|vm\.\w+|new Function|setTimeout|setInterval)$|\.(?:runInNewContext|runInThisContext|runInContext|_compile)$|^new vm\.Script$|\.constructor\.constructor$"
)
WRITERS = re.compile(
    r"(?:^|\.)(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|copyFile|copyFileSync|symlinkSync|chmodSync|rename|renameSync|writeTextFile)$"
)
DELETERS = re.compile(r"(?:^|\.)(?:unlink|unlinkSync|rmSync|rmdirSync|rmdir|rimraf|rm|remove|removeSync|emptyDir)$")
READERS = re.compile(r"(?:^|\.)(?:readFile|readFileSync|createReadStream|readTextFile|readdir|readdirSync|openSync)$")
_DECODES = re.compile(
    r"^atob$|Buffer\.from$|unescape$|decodeURIComponent$|fromCharCode$|inflateSync$|gunzipSync$|createDecipheriv$"
)
_WATCHES = re.compile(
    r"clipboard\.(?:read|readText|readSync)$|clipboardy\.\w+$|getDisplayMedia$|getUserMedia$|desktopCapturer|geolocation\.\w+$|screenshot$"
)
_SYSTEM = re.compile(r"^os\.(?:hostname|userInfo|networkInterfaces|platform|release|cpus|arch|homedir)$|hostname$")
_TALK = re.compile(r"(?:^|\.)(?:systemPrompt|userPrompt|conversation\w*|chatHistory|transcript|messages|userMessage)$")
_CALLEES = frozenset({"call_expression", "new_expression"})


def read_javascript(text: str, line: int = 1, file: str = "", origin: str = "file", block: object = None) -> Program:
    program = Program(file, line, "javascript", text, origin, block=block)
    if len(text) > LIMIT:
        program.error = "longer than the parser's limit"
        return program
    data = text.encode("utf-8", "replace")
    tree = parse(JAVASCRIPT, data)
    if tree is None:
        program.error = "costs more to parse than a text of its length may"
        return program
    _Flow(data, program).read(tree.root_node)
    if not program.calls and tree.root_node.has_error and len(text) > 200:
        program.error = "does not parse as JavaScript"
    return program


class _Flow:
    def __init__(self, data: bytes, program: Program) -> None:
        self.data, self.program = data, program
        self.texts: dict[str, tuple[str, ...]] = {}
        self.labels: dict[str, frozenset[str]] = {}
        self.secrets: dict[str, frozenset[str]] = {}
        self.memo: dict[int, tuple] = {}
        self.work = 0

    def text(self, node: Node | None, limit: int = 4000) -> str:
        if node is None:
            return ""
        return self.data[node.start_byte : min(node.end_byte, node.start_byte + limit)].decode("utf-8", "replace")

    def read(self, root: Node) -> None:
        nodes = list(_walk(root))
        imports = set()
        for node, _ in nodes:
            if node.type == "string" and node.end_byte - node.start_byte > 5:
                self.program.strings.append((self.literal(node), self.program.line + node.start_point[0]))
            elif node.type == "import_statement" or (node.type == "arguments" and node.child_count < 5):
                imports |= {self.literal(n) for n in node.children if n.type == "string"}
            elif node.type == "template_string":
                self.program.strings.append((self.text(node)[1:-1], self.program.line + node.start_point[0]))
        self.program.imports = frozenset(imports)
        flows = [
            n
            for n, _ in nodes
            if n.type
            in (
                "variable_declarator",
                "assignment_expression",
                "return_statement",
                "call_expression",
                "for_in_statement",
            )
        ]
        for _ in range(ROUNDS):
            before = sum(map(len, self.labels.values())) + sum(map(len, self.texts.values()))
            self.memo = {}
            for node in flows:
                self.follow(node)
            if before == sum(map(len, self.labels.values())) + sum(map(len, self.texts.values())):
                break
        self.memo = {}
        for node, in_loop in nodes:
            if node.type in _CALLEES:
                self.program.calls.append(self.call(node, in_loop))
            elif node.type == "while_statement" and re.match(
                r"while\s{0,3}\(\s{0,3}(?:true|1)\s{0,3}\)", self.text(node, 40)
            ):
                if not re.search(rb"\b(?:break|return|throw)\b", self.data[node.start_byte : node.end_byte]):
                    self.program.forever.append(self.program.line + node.start_point[0])

    def literal(self, node: Node) -> str:
        return self.text(node).strip("'\"`")

    def put(self, name: str, value: tuple) -> None:
        texts, labels, secrets = value
        if texts:
            old = self.texts.get(name, ())
            self.texts[name] = (old + tuple(t for t in texts if t not in old))[:16]
        if labels:
            self.labels[name] = self.labels.get(name, frozenset()) | labels
        if secrets:
            self.secrets[name] = self.secrets.get(name, frozenset()) | secrets

    def follow(self, node: Node) -> None:
        if node.type in ("variable_declarator", "assignment_expression", "for_in_statement"):
            left = node.child_by_field_name("name") or node.child_by_field_name("left")
            right = node.child_by_field_name("value") or node.child_by_field_name("right")
            if left is None or right is None or right.type in ("arrow_function", "function_expression", "class"):
                return
            value = self.value(right)
            names = (
                [left]
                if left.type in ("identifier", "member_expression")
                else [n for n, _ in _walk(left) if n.type in ("identifier", "shorthand_property_identifier_pattern")]
            )
            for target in names[:20]:
                self.put(self.text(target, 200), value)
        elif node.type == "return_statement":
            owner = _function_name(node)
            if owner is not None and node.named_child_count:
                self.put(self.text(owner, 200) + "()", self.value(node.named_children[0]))
        elif node.type == "call_expression":
            self.pass_arguments(node)

    def pass_arguments(self, node: Node) -> None:
        """Into a local function's parameters: matched by the function's name, wherever it is defined."""
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or arguments is None:
            return
        name = self.text(function, 200)
        if function.type == "member_expression" and name.endswith((".push", ".append", ".set", ".concat", ".unshift")):
            self.put(name.rsplit(".", 1)[0], self.value(arguments))
        for parameter, argument in zip(self.parameters.get(name, ()), arguments.named_children, strict=False):
            self.put(parameter, self.value(argument))

    @property
    def parameters(self) -> dict[str, list[str]]:
        if not hasattr(self, "_parameters"):
            self._parameters: dict[str, list[str]] = {}
            for match in re.finditer(
                r"(?:function\s{1,3}([\w$]{1,60})\s{0,3}|(?:const|let|var)\s{1,3}([\w$]{1,60})\s{0,3}=\s{0,3}(?:async\s{0,3})?)\(([^()]{0,300})\)",
                self.program.text,
            ):
                self._parameters[match.group(1) or match.group(2)] = [
                    a.split("=")[0].strip(" {}.") for a in match.group(3).split(",")
                ]
        return self._parameters

    def value(self, node: Node) -> tuple:
        """(texts, labels, secrets) of all that stands in an expression."""
        if node.id in self.memo:
            return self.memo[node.id]
        texts: list[str] = []
        labels: set[str] = set()
        secrets: set[str] = set()
        # What an expression may cost shrinks once the whole program has cost a lot: nesting must not square.
        inside = _walk(node, skip=("function_declaration",), limit=3000 if self.work < WORK else 40)
        self.work += len(inside)
        for inner, _ in inside:
            kind = inner.type
            if kind == "string":
                texts.append(self.literal(inner))
            elif kind == "template_string":
                texts.append(self.template(inner))
            elif kind in ("identifier", "shorthand_property_identifier"):
                self.take(self.text(inner, 200), texts, labels, secrets)
            elif kind in ("member_expression", "subscript_expression"):
                self.member(inner, texts, labels, secrets)
            elif kind in _CALLEES:
                self.called(inner, labels)
        if node.type == "binary_expression" and all(
            n.type in ("string", "binary_expression", "+") for n, _ in _walk(node, limit=60) if n.is_named
        ):
            texts = ["".join(texts)]
        self.memo[node.id] = value = (tuple(texts[:24]), frozenset(labels), frozenset(secrets))
        if any(credential_in(t) or HISTORY.search(t) for t in value[0]) and p.FILE in labels:
            self.memo[node.id] = value = (value[0], value[1] | {p.CRED_FILE}, value[2])
        return value

    def take(self, name: str, texts: list[str], labels: set[str], secrets: set[str]) -> None:
        texts.extend(self.texts.get(name, ()))
        labels |= self.labels.get(name, frozenset())
        secrets |= self.secrets.get(name, frozenset())
        if _TALK.search(name):
            labels.add(p.TALK)

    def member(self, node: Node, texts: list[str], labels: set[str], secrets: set[str]) -> None:
        name = self.text(node, 200)
        self.take(name, texts, labels, secrets)
        if name in ("process.env", "Deno.env", "Bun.env", "import.meta.env"):
            outer = node.parent
            if outer is None or outer.type not in ("member_expression", "subscript_expression"):
                labels.add(p.ENV_ALL)
        elif match := re.match(r"(?:process|Bun|import\.meta)\.env(?:\.(\w+)|\[['\"](\w+))", name):
            variable = match.group(1) or match.group(2)
            if is_secret_name(variable):
                labels.add(p.ENV_SECRET)
                secrets.add(variable)
        elif name == "process.argv":
            labels.add(p.INPUT)

    def called(self, node: Node, labels: set[str]) -> None:
        name = self.name_of(node)
        labels |= self.labels.get(f"{name}()", frozenset())
        for pattern, label in (
            (READERS, p.FILE),
            (FETCHERS, p.REMOTE),
            (_DECODES, p.DECODED),
            (_WATCHES, p.WATCH),
            (_SYSTEM, p.SYSTEM),
        ):
            if pattern.search(name):
                labels.add(label)
        if SHELL.search(name) and "RegExp" not in name:
            command = self.text(node, 600)
            if re.search(r"\b(?:pbpaste|xclip|xsel|screencapture|Get-Clipboard)\b", command):
                labels.add(p.WATCH)
            if credential_in(command):
                labels.add(p.CRED_FILE)
            if re.search(r"['\"`;&|](?:env|printenv)['\"`;&|]", command):
                labels.add(p.ENV_ALL)

    def template(self, node: Node) -> str:
        out = self.text(node)[1:-1]
        for match in re.findall(r"\$\{([\w.$]{1,80})\}", out)[:8]:
            known = self.texts.get(match, ())
            if len(known) == 1:
                out = out.replace("${" + match + "}", known[0])
        return out

    def name_of(self, node: Node) -> str:
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        name = re.sub(r"\s+", "", self.text(function, 200))
        name = re.sub(r"^(?:await)?require\(['\"](?:node:)?([\w/-]+)['\"]\)", r"\1", name)
        return f"new {name}" if node.type == "new_expression" else name

    def call(self, node: Node, in_loop: bool) -> Call:
        name = self.name_of(node)
        arguments = node.child_by_field_name("arguments")
        texts, labels, secrets = self.value(arguments) if arguments is not None else ((), frozenset(), frozenset())
        first = arguments.named_children[0] if arguments is not None and arguments.named_child_count else None
        first_texts, first_labels, _ = self.value(first) if first is not None else ((), frozenset(), frozenset())
        texts = first_texts + tuple(t for t in texts if t not in first_texts)
        source = self.text(node, 400)
        return Call(
            name,
            self.program.line + node.start_point[0],
            source,
            self.kind(name, first, texts, source),
            texts,
            labels,
            secrets,
            "",
            first_labels,
            in_loop,
        )

    def kind(self, name: str, first: Node | None, texts: tuple[str, ...], source: str) -> str:
        if CODE.search(name):
            timer = name.startswith("set")
            return "" if timer and (first is None or first.type != "string") else p.RUNS_CODE
        if SHELL.search(name):
            regex = re.search(r"(?:re|regex|pattern|RE|Regex|Pattern|/[gimsuy]{0,5})\.exec$", name)
            return "" if regex or (name.endswith(".exec") and not self.spawns) else p.RUNS_SHELL
        if SENDERS.search(name):
            carries = name.endswith(
                (".post", ".put", ".patch", "sendBeacon", ".send", ".write", "sendMail")
            ) or re.search(r"\b(?:body|data|method|headers|params)\b", source)
            return p.SENDS if carries else p.FETCHES
        if FETCHERS.search(name):
            return p.FETCHES
        if DELETERS.search(name):
            return p.DELETES
        if WRITERS.search(name):
            return p.WRITES
        return p.READS if READERS.search(name) else ""

    @property
    def spawns(self) -> bool:
        return "child_process" in self.program.text


def _walk(root: Node, skip: tuple[str, ...] = (), limit: int = 2_000_000) -> list[tuple[Node, bool]]:
    """All nodes below in order, each with whether a loop is around it; no recursion, so depth costs nothing."""
    out: list[tuple[Node, bool]] = []
    stack = [(root, False)]
    while stack and len(out) < limit:
        node, loop = stack.pop()
        out.append((node, loop))
        if node.type in skip and node.id != root.id:
            continue
        loop = loop or node.type in ("while_statement", "for_statement", "for_in_statement")
        if node.child_count:
            stack.extend((child, loop) for child in reversed(node.children))
    return out


def _function_name(node: Node) -> Node | None:
    """The name of the function that a return statement leaves."""
    for _ in range(60):
        if node.parent is None:
            return None
        node = node.parent
        if node.type in ("function_declaration", "method_definition"):
            return node.child_by_field_name("name")
        if node.type in ("arrow_function", "function_expression"):
            holder = node.parent
            return (
                holder.child_by_field_name("name")
                if holder is not None and holder.type == "variable_declarator"
                else None
            )
    return None
