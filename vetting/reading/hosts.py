"""Destinations: the addresses a text names, and what each is to this skill: declared, known, reserved, shady, stranger."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from vetting.reading.names import CATCHERS, FREE_HOSTING, KNOWN, MESSENGERS, PASTES, SECOND_LEVEL, SHORTENERS, TUNNELS

# A host may be written so that nobody follows it by mistake (`evil[.]test`), or be blanked out (`[REDACTED].test`).
URL = re.compile(
    r"\b(https?|hxxps?|ftp|wss?|tcp|ssh|sftp)(?:://|\[:\]//|:\\/\\/)"
    r"((?:\[redacted[\w-]{0,40}\])?(?:[^\s/\"'`<>()\[\]{}|\\^,;?#]|\[\.\]|\[dot\]){1,4000}|\[redacted[\w-]{0,40}\])"
    r"([/?#][^\s\"'`<>()\[\]{}|\\^]{0,8000})?",
    re.IGNORECASE,
)
_AFTER_SCHEME = re.compile(r":(?://|\\/\\/)|\[:\]//")
_SCHEMES = (5, 4, 3, 2)  # letters of one
_ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b(?!\.\d)")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}\.){1,60}[a-z]{2,24}")
_LOCAL = ("localhost", "127.", "0.0.0.0", "10.", "192.168.", "169.254.169.254", "::1", "host.docker.internal")  # noqa: S104
# Documents say company.com for the reader's own company.
_EXAMPLE = re.compile(r"(?:^|\.)(?:example\.(?:com|org|net)|company\.com)$|\.example$")
_HOSTILE = re.compile(
    r"(?:attack\w{0,40}|evil|malicious|exfil\w{0,40}|c2|c2c|cnc|collect|collector|collection|callback|beacon|drop"
    r"|dropzone|harvest\w*|steal\w*|leak\w*|shadow|rogue|covert|adversary|exploit|backdoor|malware|hacker\w*"
    r"|pwn\w*|bad|spy|tracker|telemetry|payloads?|command|phish\w*|hook|listener|ingest|sink|stealth|siphon"
    r"|grab\w*)$"
)
_WILD = re.compile(r"[<>{}$%*\[\]]|your[-_.]?|^(?:host|domain|server|url|api)$|^my-?(?:app|site|server|domain|api)\b")


class Standing(StrEnum):
    """What a host is to a skill, best first."""

    LOCAL = "local"  # this machine or its own network
    EXAMPLE = "example"  # example.com, a placeholder
    DECLARED = "declared"  # the skill's own name, description or home page names it
    KNOWN = "known"  # a service many skills rightly talk to
    STRANGER = "stranger"  # nobody said what it is for
    SHADY = "shady"  # made for anonymity: bare addresses, request catchers, tunnels, paste sites


# Nobody has said what a host is for that is one of these.
UNDECLARED = (Standing.STRANGER, Standing.SHADY)


@dataclass(frozen=True, slots=True)
class Address:
    scheme: str
    host: str
    path: str
    offset: int
    text: str


def _matches(text: str) -> Iterator[re.Match]:
    """Every match of URL in a text: what a scheme ends with is rarer than the letters that one begins with."""
    end = 0
    for sign in _AFTER_SCHEME.finditer(text) if "//" in text or ":\\/" in text else ():
        for size in _SCHEMES:
            start = sign.start() - size
            if start >= end and (match := URL.match(text, start)) and match.end(1) == sign.start():
                end = match.end()
                yield match
                break


def addresses(text: str) -> Iterator[Address]:
    """Every URL of a text."""
    for match in _matches(text):
        host = match.group(2).rsplit("@", 1)[-1].lower()
        host = host.replace("[.]", ".").replace("[dot]", ".").replace("[", "").replace("]", "")
        host = host.partition(":")[0].strip(".")
        yield Address(
            match.group(1).lower().replace("hxxp", "http"), host, match.group(3) or "", match.start(), match.group()
        )


_FILE_ENDS = frozenset(
    "py js mjs cjs jsx ts tsx sh cmd exe bat ps1 dll md txt json yaml yml toml csv html css png jpg zip pdf env "
    "log cfg ini xml"
    " lock bak tmp".split()
)


def named_in(text: str) -> Iterator[Address]:
    """The addresses of a constant string in code, which may also be a bare host name."""
    yield from addresses(text)
    bare = text.lower()
    if (
        len(bare) < 254
        and (_HOST.fullmatch(bare) or _ADDRESS.fullmatch(bare))
        and bare.rsplit(".", 1)[-1] not in _FILE_ENDS
    ):
        yield Address("", bare, "", 0, text)


def registrable(host: str) -> str:
    """The part of a host that somebody registered: two labels, three under co.uk or a hosting service's suffix."""
    labels = host.split(".")
    if len(labels) <= 2 or host[-1:].isdigit():
        return host
    two = ".".join(labels[-2:])
    if two in SECOND_LEVEL or two in FREE_HOSTING or two in TUNNELS:
        return ".".join(labels[-3:])
    return two


def is_bare_address(host: str) -> bool:
    return bool(_ADDRESS.fullmatch(host)) or host.startswith("[") or bool(re.fullmatch(r"0x[0-9a-f]{8}|\d{8,10}", host))


def is_local(host: str) -> bool:
    if host.startswith("redacted"):
        return False  # Blanked out, which is not to say harmless.
    if not host or host.startswith(_LOCAL) or re.match(r"172\.(1[6-9]|2\d|3[01])\.", host):
        return True
    return host.endswith((".local", ".localhost", ".internal", ".lan")) or ("." not in host and not host.isdigit())


def is_example(host: str) -> bool:
    """A name that documentation uses for any name at all. `.test` and `.invalid` are names like others here.

    What stands before example.com must be plain too: `collector-07.example.com` names a purpose, not a placeholder.
    """
    if host.startswith("redacted"):
        return False
    if _WILD.search(host):
        return True
    match = _EXAMPLE.search(host)
    if not match:
        return False
    return not any(_HOSTILE.match(label) for label in re.split(r"[.-]", host[: match.start()]))


def is_within(host: str, domains: Iterable[str]) -> bool:
    """Is the host one of these domains or below one?"""
    labels = host.split(".")
    return any(".".join(labels[k:]) in domains for k in range(len(labels)))


def is_shady(host: str) -> bool:
    if is_bare_address(host) or is_within(host, CATCHERS) or is_within(host, TUNNELS):
        return True
    return is_within(host, PASTES) or host.endswith(".onion")


def is_passed_on(address: Address) -> bool:
    """A hook that hands what it is sent to whoever made it: chat webhooks and bot APIs."""
    return any(address.host == host and address.path.startswith(path) for host, path in MESSENGERS)


def standing(address: Address, declared: "Declared") -> Standing:
    """What this address is to a skill that declares these words and hosts."""
    host = address.host
    if is_example(host):
        return Standing.EXAMPLE
    if is_local(host):
        return Standing.LOCAL
    if is_shady(host):
        return Standing.SHADY
    if declared.covers(host):
        return Standing.DECLARED
    if is_within(host, KNOWN) or host.endswith((".gov", ".edu")):
        return Standing.KNOWN
    if is_within(host, SHORTENERS):
        return Standing.SHADY
    return Standing.STRANGER


_GENERIC = frozenset(
    [
        "api",
        "app",
        "apis",
        "apps",
        "cloud",
        "data",
        "dev",
        "docs",
        "get",
        "help",
        "home",
        "http",
        "https",
        "info",
        "io",
        "js",
        "lab",
        "labs",
        "mail",
        "media",
        "my",
        "net",
        "new",
        "news",
        "online",
        "org",
        "page",
        "pages",
        "play",
        "pro",
        "public",
        "server",
        "service",
        "services",
        "shop",
        "site",
        "skill",
        "skills",
        "static",
        "store",
        "support",
        "sync",
        "system",
        "team",
        "test",
        "tool",
        "tools",
        "web",
        "work",
        "world",
        "www",
        "agent",
        "agents",
        "code",
        "file",
        "files",
        "backup",
        "update",
        "updates",
        "download",
        "downloads",
        "ai",
        "bot",
        "bots",
        "check",
        "monitor",
        "monitoring",
        "security",
        "secure",
        "analytics",
        "telemetry",
        "metrics",
        "collect",
        "collector",
        "log",
        "logs",
        "logging",
        "document",
        "documents",
        "pdf",
        "docx",
        "xlsx",
        "pptx",
        "calendar",
        "email",
        "search",
        "image",
        "images",
        "video",
        "text",
    ]
)


@dataclass(frozen=True)
class Declared:
    """What a skill says of itself in the open: the words of its name and description, and the hosts in its front matter."""

    words: frozenset[str]
    hosts: frozenset[str]
    names: frozenset[str] = frozenset()

    def covers(self, host: str) -> bool:
        return self.says(host) or self.is_namesake(host)

    def says(self, host: str) -> bool:
        """Does the front matter name this very host, or the description somebody of its name?"""
        own = registrable(host)
        if own in self.hosts or host in self.hosts:
            return True
        brand = own.split(".")[0]
        if not self._may_be_one(host, brand):
            return False
        # Whoever picks a host can pick one that holds a word of the description: only a name that the skill writes
        # like a proper name counts.
        pieces = [piece for piece in brand.split("-") if piece not in _GENERIC]
        if pieces and all(piece in self.names for piece in pieces):
            return True
        return any(len(word) > 4 and word not in _GENERIC and word in brand for word in self.names)

    def is_namesake(self, host: str) -> bool:
        """Is the host called what the skill is called, or a word of its description? Whoever picks both can see to it."""
        brand = registrable(host).split(".")[0]
        return self._may_be_one(host, brand) and (brand in self.words or brand.replace("-", "") in self.words)

    @staticmethod
    def _may_be_one(host: str, brand: str) -> bool:
        """Is it a host of somebody's own, with a name that is one?"""
        return not is_within(host, FREE_HOSTING) and len(brand) > 2 and brand not in _GENERIC


# What an install recipe fetches is not what the skill says it talks to.
_RECIPE = re.compile(
    r"[\"']?(?:command|run|script|url|formula|package)[\"']?\s{0,3}:\s{0,3}(?:\"(?:[^\"\\\n]|\\.){0,2000}\""
    r"|[^\n,}]{0,2000})"
)


_QUOTED_COMMAND = re.compile(r"`[^`\n]{0,2000}`")


def declared_by(name: str, description: str, front: str) -> Declared:
    front = _QUOTED_COMMAND.sub("", _RECIPE.sub("", front))
    words = set(re.findall(r"[a-z0-9]{3,40}", f"{name} {description}".lower()))
    words.add(re.sub(r"[^a-z0-9]", "", name.lower()))
    hosts = {registrable(a.host) for a in addresses(front) if not is_shady(a.host)}
    bare = {registrable(h) for h in _HOST.findall(f"{name} {description}".lower()[:20_000])}
    proper = re.findall(
        r"(?<=[a-z0-9,;(/'\"] )[A-Z][A-Za-z0-9]{2,39}|\b[A-Z][a-z0-9]+[A-Z][A-Za-z0-9]{1,39}", description
    )
    return Declared(frozenset(words), frozenset(hosts | bare), frozenset(word.lower() for word in proper))
