"""Which code blocks are orders, in which language, and how to start them."""

import re
from collections.abc import Sequence

_SHELLS = {
    *(
        "bash",
        "sh",
        "shell",
        "zsh",
        "console",
        "terminal",
        "shell-session",
        "shellsession",
        "sh-session",
        "bash-session",
    ),
    *("ksh", "fish", "commandline", "cmdline", "command", "session", "!"),
}
_PYTHON = {"python", "py", "python3", "pycon", "ipython"}
_NODE = {"javascript", "js", "node", "nodejs", "mjs", "cjs"}
_PROMPT = re.compile(r"^\s*(?:[\w.@~:/\\\[\]-]*[$%❯➜]|\([\w.-]+\)\s*\$)\s+(.*)$")

# The first word of a line without a language that makes it a command. Words of prose are not among them.
TOOLS = frozenset(
    """
    apt apt-get aws awk az base64 bash brew bun bunx cargo cat cd chmod chown cmake cp crontab curl cut deno dig docker
    docker-compose dd diff echo env eval exec export ffmpeg find gcloud gh git go gpg grep gunzip gzip head helm hg
    install ip iptables java jq kill kubectl launchctl less ln ls lsof make mkdir mkfifo mv nc ncat netcat nano node
    nohup npm npx nslookup op openclaw openssl osascript pbcopy pbpaste perl php ping pip pip3 pipx pkill pnpm poetry
    ps psql pwd python python3 rg rm rsync ruby scp screen sed sftp sh shasum sha256sum sleep socat sort source sqlite3
    ssh ssh-keygen ssh-add sudo su svn swift systemctl tail tar tee telnet terraform test time timeout tmux touch tr tsx
    uname unzip uv uvx vi vim wget which whoami wscat xargs xxd yarn yt-dlp zip zsh
    """.split()
)


def is_shell(language: str, text: str, files: Sequence[str]) -> str:
    """bash, python or node when the block is an order, else "". A block without a language is judged by its lines."""
    if language in _SHELLS:
        return "bash"
    if language in _PYTHON:
        return "python"
    if language in _NODE:
        return "node"
    if language:
        return ""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    return "bash" if lines and all(looks_typed(line, files) or "\\" in text for line in lines[:1]) else ""


def looks_typed(line: str, files: Sequence[str] = ()) -> bool:
    """Whether a line is a command somebody would type: a known tool with an argument, a prompt, a bundled script."""
    prompt = _PROMPT.match(line)
    if prompt and prompt[1]:
        line = prompt[1]
    words = line.split()
    while words and (words[0] in ("sudo", "env", "time", "nohup") or re.fullmatch(r"[A-Z_][A-Z0-9_]*=\S*", words[0])):
        words = words[1:]
    if not words:
        return False
    first = words[0]
    if first.startswith(("./", "../", "/", "~/", "{baseDir}/", "$")) and re.search(r"\w", first):
        return first.startswith("./") or len(words) > 1 or first.endswith((".sh", ".py", ".js", ".mjs", ".pl"))
    if first in files:
        return True
    return first.rsplit("/", 1)[-1] in TOOLS and len(words) > 1


def typed_lines(text: str, *, console: str = "") -> str:
    """What is typed in a transcript: the lines after a prompt, where there are any; else all of it."""
    lines = text.splitlines()
    prompted = [match[1] for line in lines if (match := _PROMPT.match(line)) and not line.strip().startswith("#")]
    if not prompted:
        return text
    typed, carry = [], False
    for line in lines:
        match = _PROMPT.match(line)
        if match:
            typed.append(match[1])
        elif carry:
            typed.append(line.lstrip("> "))
        carry = bool(match or carry) and line.rstrip().endswith("\\")
    return "\n".join(typed)


def argv_of(language: str, text: str) -> list[str]:
    if language == "python":
        return ["python3", "-c", _without_prompts(text)]
    if language == "node":
        module = re.search(r"^\s*import\s.+from\s|^\s*await\s", text, re.MULTILINE)
        return ["node", *(["--input-type=module"] if module else []), "-e", text]
    return ["bash", "-c", text]


def _without_prompts(text: str) -> str:
    lines = text.splitlines()
    if not any(line.startswith(">>> ") for line in lines):
        return text
    return "\n".join(line[4:] for line in lines if line.startswith((">>> ", "... ")))
