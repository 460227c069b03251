"""semgrep's engine, asked without its command line, which takes over a second to start and the engine a tenth of that.

The engine's arguments are not documented, so it is used directly only in the version this file was written for. It is
told for each file which of our rules it tries there: folders of names that exist in its list of files alone stand for
sets of rules, and each rule names the folders it is for.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from vetting.scanners import semgrep_rules
from vetting.scanners.pieces import Piece
from vetting.scanners.semgrep_needs import Needs, needs_of
from vetting.site import site

VERSIONS = {"1.182.0"}
# One file after another in one thread. Without this the engine waits in a second one for its collector at every step,
# which takes a quarter of its time; and room is set aside for every thread there could be.
ALONE = ("-j", "1", "-use_parmap")
# The collector, told to spend memory rather than time: it saves a tenth of a batch.
ENVIRONMENT = {"OCAMLRUNPARAM": "d=1,s=1M,o=200"}

# By path, the rules that are tried on a piece.
Tried = Mapping[str, Sequence[str]]

_known: dict[Path, Needs] = {}


def is_known() -> bool:
    return engine(site.SEMGREP) is not None and installed(site.SEMGREP) in VERSIONS


def rules_for(piece: Piece, folder: Path) -> list[str]:
    """The rules that could match in a piece."""
    needs, names = _needs(folder), []
    for file in semgrep_rules.rule_files_for(piece.language):
        some = needs.rules_for(file.name, piece.text)
        names += [rule["id"] for rule in semgrep_rules.rules_by_file()[file.name]] if some is None else some
    return names


def _needs(folder: Path) -> Needs:
    program = site.SEMGREP
    if (known := _known.get(program)) is not None:
        return known
    files, cues = semgrep_rules.rule_files(), semgrep_rules.cues()
    found = needs_of(engine(program), installed(program), files, folder, cues)
    if found.needs:
        _known[program] = found
    # An engine that did not tell is asked again the next time.
    return found


def command(folder: Path, way_back: Mapping[str, tuple[int, Piece]], tried: Tried, seconds: int) -> list[str]:
    """How the engine is called about these files, with what it reads from `folder` written there."""
    sets = {names: f"/set{number}/" for number, names in enumerate(sorted({tuple(tried[path]) for path in way_back}))}
    targets = [_target(path, sets[tuple(tried[path])], piece) for path, (_, piece) in way_back.items()]
    (folder / "targets.json").write_text(json.dumps(["Targets", targets]))
    (folder / "rules.json").write_text(json.dumps({"rules": _rules(sets)}))
    words = [str(engine(site.SEMGREP)), "-json_nodots", *ALONE, "-fast"]
    words += ["-rules", str(folder / "rules.json"), "-targets", str(folder / "targets.json")]
    words += ["-timeout", str(seconds), "-timeout_threshold", "2"]
    return [*words, "-max_memory", "2000", "-max_match_per_file", "1000"]


def _target(path: str, folder: str, piece: Piece) -> list:
    language = "typescript" if piece.language == "tsx" else piece.language
    names = {"fpath": path, "ppath": folder + Path(path).name}
    return ["CodeTarget", {"path": names, "analyzer": language, "products": ["sast"]}]


def _rules(sets: Mapping[tuple[str, ...], str]) -> list[dict]:
    """The rules of all sets, each with the folders it is for."""
    folders: dict[str, list[str]] = {}
    for names, folder in sets.items():
        for name in names:
            folders.setdefault(name, []).append(f"{folder}*")
    by_id = semgrep_rules.rules_by_id()
    return [{**by_id[name], "paths": {"include": some}} for name, some in sorted(folders.items())]


@cache
def installed(program: Path) -> str:
    """The version in the tool environment's metadata: asking the program itself takes a second."""
    for place in _places(program):
        for metadata in place.glob("lib/python3*/site-packages/semgrep-*.dist-info"):
            return metadata.name.removeprefix("semgrep-").removesuffix(".dist-info")
    return ""


@cache
def engine(program: Path) -> Path | None:
    for place in _places(program):
        for found in place.glob("lib/python3*/site-packages/semgrep/bin/semgrep-core"):
            return found
    return None


def _places(program: Path) -> tuple[Path, Path]:
    return program.resolve().parent.parent, program.parent.parent
