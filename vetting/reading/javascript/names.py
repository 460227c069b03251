"""What a name stands for in JavaScript: the kind of deed a call of it is, and where its value comes from.

The same names come up over and over, so what was found for one is remembered.
"""

import re

from vetting.reading import programs as p
from vetting.reading.places import of_short_texts

SENDERS = re.compile(
    r"(?:^|\.)(?:fetch|axios|got|ky|request|superagent|needle)$|^(?:axios|got|ky|superagent|needle|\$|https?"
    r"|instance|client|api)\.(?:post|put|patch|request|ajax)$|sendBeacon$"
    r"|(?:xhr|req|request|socket|ws|client)\.(?:send|write|end)$|\.sendMail$|\bnew WebSocket$"
    r"|(?:socket|sock|io|ws|client|channel|connection)\.emit$"
    r"|\b(?:dns|dnsPromises|resolver)(?:\.promises)?\.(?:resolve\w{0,8}|lookup)$"
)
FETCHERS = re.compile(r"(?:^|\.)(?:fetch|axios|got|ky|request)$|^(?:axios|https?|got|ky|client|api)\.get$")
SHELL = re.compile(
    r"(?:^|\.)(?:exec|execSync|execFile|execFileSync|spawn|spawnSync|fork|execa|execaSync|execaCommand)$|\$\.raw$"
    r"|Bun\.spawn$|Deno\.(?:run|Command)$"
)
CODE = re.compile(
    r"^(?:eval|Function|globalThis\.eval|window\.eval|global\.eval|vm\.\w+|new Function|setTimeout|setInterval)$"
    r"|\.(?:runInNewContext|runInThisContext|runInContext|_compile)$|^new vm\.Script$|\.constructor\.constructor$"
)
WRITERS = re.compile(
    r"(?:^|\.)(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|copyFile|copyFileSync"
    r"|symlinkSync|chmodSync|rename|renameSync|writeTextFile)$"
)
DELETERS = re.compile(r"(?:^|\.)(?:unlink|unlinkSync|rmSync|rmdirSync|rmdir|rimraf|rm|remove|removeSync|emptyDir)$")
READERS = re.compile(r"(?:^|\.)(?:readFile|readFileSync|createReadStream|readTextFile|readdir|readdirSync|openSync)$")
_DECODES = re.compile(
    r"^atob$|Buffer\.from$|unescape$|decodeURIComponent$|fromCharCode$|inflateSync$|gunzipSync$|createDecipheriv$"
)
_WATCHES = re.compile(
    r"clipboard\.(?:read|readText|readSync)$|clipboardy\.\w+$|getDisplayMedia$|getUserMedia$|desktopCapturer"
    r"|geolocation\.\w+$|screenshot$"
)
_SYSTEM = re.compile(r"^os\.(?:hostname|userInfo|networkInterfaces|platform|release|cpus|arch|homedir)$|hostname$")
_TALK = re.compile(r"(?:^|\.)(?:systemPrompt|userPrompt|conversation\w*|chatHistory|transcript|messages|userMessage)$")
_FROM: tuple[tuple[re.Pattern, str], ...] = (
    (READERS, p.FILE),
    (FETCHERS, p.REMOTE),
    (_DECODES, p.DECODED),
    (_WATCHES, p.WATCH),
    (_SYSTEM, p.SYSTEM),
)
# The kinds that a name alone decides, in the order in which they are asked.
_KINDS: tuple[tuple[re.Pattern, str], ...] = (
    (CODE, p.RUNS_CODE),
    (SHELL, p.RUNS_SHELL),
    (SENDERS, p.SENDS),
    (FETCHERS, p.FETCHES),
    (DELETERS, p.DELETES),
    (WRITERS, p.WRITES),
    (READERS, p.READS),
)
# What these give is written to, and what is written goes out.
_OPENS = re.compile(r"^(?:https?|net|tls|http2)\.(?:request|connect|createConnection)$|^new (?:net\.Socket|WebSocket)$")
_NAME_SERVICE = re.compile(r"\b(?:dns|dnsPromises|resolver)(?:\.promises)?\.(?:resolve\w{0,8}|lookup)$")
_DOMAIN = re.compile(r"(?:[}\])]|^)\.((?:[a-z0-9][a-z0-9-]{0,62}\.){1,6}[a-z]{2,24})$", re.I)
_ON_PATTERN = re.compile(r"(?:re|regex|pattern|RE|Regex|Pattern|/[gimsuy]{0,5})\.exec$")
_BODIES = (".post", ".put", ".patch", "sendBeacon", ".send", ".write", "sendMail")


@of_short_texts
def origin_of_call(name: str) -> frozenset[str]:
    """The labels of what a call of this name gives."""
    return frozenset(label for pattern, label in _FROM if pattern.search(name))


@of_short_texts
def is_shell(name: str) -> bool:
    return bool(SHELL.search(name)) and "RegExp" not in name


@of_short_texts
def opens_a_way(name: str) -> bool:
    """Does a call of this name give something whose write, send or end goes to the network?"""
    return bool(_OPENS.search(name))


@of_short_texts
def asks_a_name(name: str) -> bool:
    """Does it look up the address of a host?"""
    return bool(_NAME_SERVICE.search(name))


def told_to(text: str) -> str:
    """The domain behind what is put together for such a question, "" where there is none."""
    match = _DOMAIN.search(text) if len(text) < 400 else None
    return match.group(1) if match else ""


@of_short_texts
def is_talk(name: str) -> bool:
    """Is the conversation called so?"""
    return bool(_TALK.search(name))


@of_short_texts
def kind_by_name(name: str) -> str:
    return next((kind for pattern, kind in _KINDS if pattern.search(name)), "")


def kind_of(name: str, timed: bool, spawns: bool, source: str) -> str:
    """The kind of deed that a call is; timed says that its first argument is text, spawns that the program can start
    others."""
    kind = kind_by_name(name)
    if kind == p.RUNS_CODE and name.startswith("set") and not timed:
        return ""
    if kind == p.RUNS_SHELL and (_ON_PATTERN.search(name) or (name.endswith(".exec") and not spawns)):
        return ""
    if kind == p.SENDS and not (
        name.endswith(_BODIES) or re.search(r"\b(?:body|data|method|headers|params)\b", source)
    ):
        return p.FETCHES
    return kind
