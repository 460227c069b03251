"""Which packages a skill names, and where: requirement files, package.json, script headers and install commands."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from vetting import frontmatter
from vetting.bundle import Bundle, BundleFile
from vetting.errors import SkillError
from vetting.scanners.pieces import Piece

PYPI, NPM = "PyPI", "npm"
MAX_LINES, MAX_LINE = 20_000, 2_000
MAX_NAMED = 2_000

REQUIREMENT_FILE = re.compile(r"(^|/)([\w.-]*requirements[\w.-]*\.(txt|in)|requirements/[\w.-]+\.txt)$", re.IGNORECASE)
INDEX_OPTION = re.compile(r"^(?:-i|--index-url|--extra-index-url|--index|--default-index|-f|--find-links|--registry)$")
INDEX_VARIABLE = re.compile(
    r"\b(?:PIP_INDEX_URL|PIP_EXTRA_INDEX_URL|UV_INDEX_URL|UV_DEFAULT_INDEX|UV_EXTRA_INDEX_URL|"
    r"npm_config_registry|NPM_CONFIG_REGISTRY)=[\"']?(\S{1,300}?)[\"']?(?:\s|$)"
)
REGISTRY_LINE = re.compile(
    r"^\s*(?:@[\w.-]+:)?(?:registry|index-url|extra-index-url|npmRegistryServer)\s*[=:]\s*[\"']?(\S{1,300}?)[\"']?\s*$"
)
INSTALL = re.compile(
    r"\b(?:(?P<pypi>(?:pip3?|uv\s+pip|pipx|uv\s+tool)\s+install|uv\s+add|poetry\s+add|uvx|pipx\s+run)"
    r"|(?P<npm>(?:npm|pnpm|bun)\s+(?:install|i|add)|yarn\s+(?:global\s+)?add|npx|pnpm\s+dlx"
    r"|bunx))(?:\s+(?P<rest>[^\n|;&]*))?(?=$|[|;&\n])"
)
RUNNERS = re.compile(r"(uvx|npx|bunx|dlx|run)$")
TAKES_VALUE = {
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-t",
    "--target",
    "--prefix",
    "-p",
    "--python",
    "-e",
    "--dir",
}
NPM_NAME = re.compile(r"(?P<name>(?:@[\w.-]{1,60}/)?[a-zA-Z0-9][\w.-]{0,100})(?:@(?P<version>[^\s@]{1,60}))?")
NPM_EXACT = re.compile(r"=?v?\d+\.\d+\.\d+([-+][\w.+-]+)?")
NPM_DEPENDENCIES = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
RECIPES = {"node": NPM, "npm": NPM, "pnpm": NPM, "bun": NPM, "uv": PYPI, "pip": PYPI, "pipx": PYPI}
COMMIT = re.compile(r"@[0-9a-f]{40}\b|#[0-9a-f]{40}\b|sha256[=:-]")
INLINE_SCRIPT = re.compile(r"^# /// script\s*$(?P<toml>(?:\n#(?: (?!///)[^\n]{0,300})?$){1,100})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Named:
    """A package, or an address that packages are fetched from (then name is "")."""

    ecosystem: str
    name: str
    path: str
    line: int
    text: str
    pinned: bool = False
    version: str = ""
    url: str = ""
    index: str = ""


def named_in(bundle: Bundle, pieces: list[Piece]) -> list[Named]:
    """Everything that is named, in order and bounded."""
    found: list[Named] = []
    for named in _all(bundle, pieces):
        found.append(named)
        if len(found) >= MAX_NAMED:
            break
    return found


def _all(bundle: Bundle, pieces: list[Piece]) -> Iterator[Named]:
    yield from _recipes(bundle)
    for file in bundle:
        base = file.path.rpartition("/")[2].lower()
        if len(file.data) > 1_000_000 or (text := file.text) is None:
            continue
        if REQUIREMENT_FILE.search(file.path):
            yield from _requirement_lines(file.path, text)
        elif base == "package.json":
            yield from _package_json(bundle, file, text)
        elif base == "pyproject.toml":
            yield from _pyproject(file.path, text)
        elif base in (".npmrc", "pip.conf", "pip.ini", ".yarnrc", ".yarnrc.yml", ".condarc"):
            yield from _registry_lines(file.path, text)
    for piece in pieces:
        if piece.language == "bash":
            yield from _commands(piece)
        elif piece.language == "python":
            yield from _inline_script(piece)


def _requirement_lines(path: str, text: str) -> Iterator[Named]:
    lines = text.replace("\\\n", " \n").splitlines()[:MAX_LINES]
    hashed = "--hash=" in text
    for number, raw in enumerate(lines, 1):
        line = re.sub(r"(^|\s)#.*", "", raw[:MAX_LINE]).strip()
        if not line or line.startswith("--hash"):
            continue
        if line.startswith("-"):
            option, _, value = line.replace("=", " ", 1).partition(" ")
            if INDEX_OPTION.match(option):
                yield Named(PYPI, "", path, number, line, index=value.strip())
            continue
        named = python_requirement(line.split(" --hash")[0], path, number)
        if named:
            yield Named(**{**_fields(named), "pinned": named.pinned or hashed})


def _fields(named: Named) -> dict:
    return {name: getattr(named, name) for name in Named.__slots__}


def python_requirement(text: str, path: str, line: int) -> Named | None:
    """One requirement as pip reads it: a name with its bounds, or an address."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    if re.match(r"(git\+|hg\+|https?://|ssh://)", text):
        return Named(PYPI, "", path, line, text, bool(COMMIT.search(text)), url=text)
    # What reads requirements takes as long to load as a small skill takes to vet, and most skills have none.
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        requirement = Requirement(text)
    except (InvalidRequirement, ValueError):
        return None
    exact = [
        spec.version for spec in requirement.specifier if spec.operator in ("==", "===") and "*" not in spec.version
    ]
    url = requirement.url or ""
    pinned = bool(exact) or bool(url and COMMIT.search(url))
    return Named(PYPI, requirement.name, path, line, text, pinned, exact[0] if exact else "", url)


def _package_json(bundle: Bundle, file: BundleFile, text: str) -> Iterator[Named]:
    document = parsed_json(text)
    folder = file.path.rpartition("/")[0]
    locks = ("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb")
    locked = any((f"{folder}/{lock}" if folder else lock) in bundle for lock in locks)
    for group in NPM_DEPENDENCIES:
        packages = document.get(group)
        for name, wanted in packages.items() if isinstance(packages, dict) else ():
            if not isinstance(wanted, str) or wanted.startswith(("workspace:", "file:", "link:")):
                continue
            line = line_of(text, f'"{name}"')
            shown = f"{name}@{wanted}"[:200]
            if re.match(r"(npm:)", wanted):
                yield Named(NPM, wanted[4:].rpartition("@")[0] or wanted[4:], file.path, line, shown, locked)
            elif ":" in wanted or re.fullmatch(r"[\w.-]+/[\w.-]+(#\S+)?", wanted):
                pinned = locked or bool(COMMIT.search(wanted))
                yield Named(NPM, name, file.path, line, shown, pinned, url=wanted)
            else:
                exact = bool(NPM_EXACT.fullmatch(wanted))
                yield Named(NPM, name, file.path, line, shown, exact or locked, wanted.lstrip("=v") if exact else "")


def parsed_json(text: str) -> dict:
    """The document, or nothing where it is not an object: a broken package.json installs nothing either."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def line_of(text: str, part: str) -> int:
    at = text.find(part)
    return text.count("\n", 0, at) + 1 if at >= 0 else 0


def _toml(text: str) -> dict:
    """What the text says, nothing where it is no TOML; most skills hold none, so its reader is loaded late."""
    import tomllib

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _pyproject(path: str, text: str) -> Iterator[Named]:
    project = _toml(text).get("project", {})
    wanted = project.get("dependencies", []) if isinstance(project, dict) else []
    for entry in wanted if isinstance(wanted, list) else []:
        if isinstance(entry, str) and (named := python_requirement(entry, path, line_of(text, entry))):
            yield named


def _inline_script(piece: Piece) -> Iterator[Named]:
    """The `# /// script` header by which uv and others install what a script needs."""
    block = INLINE_SCRIPT.search(piece.text[:20_000])
    if not block:
        return
    toml = "\n".join(line.removeprefix("#").removeprefix(" ") for line in block["toml"].split("\n"))
    wanted = _toml(toml).get("dependencies", [])
    for entry in wanted if isinstance(wanted, list) else []:
        if isinstance(entry, str):
            named = python_requirement(entry, piece.path, piece.line(line_of(piece.text, entry)))
            if named:
                yield named


def _recipes(bundle: Bundle) -> Iterator[Named]:
    """The `install` lists by which front matter tells a client what to install before the skill is used."""
    text = bundle.skill_md.text if "SKILL.md" in bundle else None
    if text is None:
        return
    try:
        metadata = frontmatter.read(text).fields.get("metadata")
    except SkillError:
        return
    for client in metadata.values() if isinstance(metadata, dict) else ():
        recipes = client.get("install") if isinstance(client, dict) else None
        for recipe in recipes if isinstance(recipes, list) else ():
            package = recipe.get("package") if isinstance(recipe, dict) else None
            ecosystem = RECIPES.get(recipe.get("kind")) if isinstance(recipe, dict) else None
            if isinstance(package, str) and ecosystem:
                named = _argument(ecosystem, package.strip(), "SKILL.md", line_of(text, package))
                if named:
                    yield named


def _registry_lines(path: str, text: str) -> Iterator[Named]:
    for number, line in enumerate(text.splitlines()[:MAX_LINES], 1):
        if match := REGISTRY_LINE.match(line[:MAX_LINE]):
            ecosystem = PYPI if "pip" in path.lower() else NPM
            yield Named(ecosystem, "", path, number, line.strip(), index=match[1])


def _commands(piece: Piece) -> Iterator[Named]:
    for number, raw in enumerate(piece.text.split("\n")[:MAX_LINES], 1):
        line = raw[:MAX_LINE]
        if line.lstrip().startswith("#"):
            continue
        where = piece.line(number)
        for match in INDEX_VARIABLE.finditer(line):
            ecosystem = NPM if "npm" in match[0].lower() else PYPI
            yield Named(ecosystem, "", piece.path, where, line.strip(), index=match[1])
        for match in INSTALL.finditer(line):
            ecosystem = PYPI if match["pypi"] else NPM
            only_first = bool(RUNNERS.search(match["pypi"] or match["npm"]))
            yield from _arguments(ecosystem, match["rest"] or "", only_first, piece.path, where)


def _arguments(ecosystem: str, rest: str, only_first: bool, path: str, line: int) -> Iterator[Named]:
    try:
        words = iter(shlex.split(rest, comments=True))
    except ValueError:
        words = iter(rest.split())
    for word in words:
        option, equals, value = word.partition("=")
        if INDEX_OPTION.match(option):
            value = value if equals else next(words, "")
            yield Named(ecosystem, "", path, line, f"{option} {value}", index=value)
        elif option in TAKES_VALUE:
            if not equals:
                next(words, "")
        elif not word.startswith("-"):
            named = _argument(ecosystem, word, path, line)
            if named:
                yield named
            if only_first:
                return


def _argument(ecosystem: str, word: str, path: str, line: int) -> Named | None:
    if word.startswith((".", "/", "~", "$", "<", "{")) or word.endswith((".whl", ".txt")) or word[:1] == ">":
        return None
    if ecosystem == PYPI:
        return python_requirement(
            word.replace("@", "==", 1) if re.fullmatch(r"[\w.-]+@[\d.]+", word) else word, path, line
        )
    if re.match(r"(git\+|git:|github:|https?://|ssh:)", word) or re.fullmatch(r"[\w.-]+/[\w.-]+(#\S+)?", word):
        return Named(NPM, "", path, line, word, bool(COMMIT.search(word)), url=word)
    match = NPM_NAME.fullmatch(word)
    if not match:
        return None
    version = match["version"] or ""
    exact = bool(NPM_EXACT.fullmatch(version))
    return Named(NPM, match["name"], path, line, word, exact, version if exact else "")
