"""A process of its own in which bandit parses hostile Python. It parses only: nothing of a skill is imported or run.

Started by path with `python -I`, so that neither the working folder nor user settings reach its imports. Each line on
stdin is `{"files": [...]}`, each answer one line on stdout: `{"issues": [...], "skipped": [[path, reason], ...]}`.

bandit loads a terminal's progress bars, a YAML reader, nine report writers and the metadata of every package before it
reads its first line. None of that is used here, so empty modules stand in for it. A bandit that needs more of them than
they have is loaded as it is, which only takes longer.
"""

import json
import logging
import sys
from importlib import import_module, util
from pathlib import Path
from types import ModuleType, SimpleNamespace

# Not findings but remarks that a skill cannot act on (importing subprocess or xml, assert, try-except-pass, a request
# without a time-out), and string constants that look like passwords, which the check for secrets judges with context.
UNHELPFUL = {"B101", "B105", "B106", "B107", "B110", "B112", "B113", "B311", "B603", "B607"}
UNHELPFUL |= {"B401", "B402", "B403", "B404", "B405", "B406", "B407", "B408", "B409", "B410", "B411", "B412"}
NOT_NEEDED = ("bandit.formatters",)


class Extensions(list):
    """Stands in for stevedore's manager: bandit's own entry points of one group, read from its own metadata."""

    def __init__(self, namespace: str, **options: object) -> None:
        super().__init__(() if namespace in NOT_NEEDED else map(_entry, _lines_of(namespace)))

    def names(self) -> list[str]:
        return [entry.name for entry in self]


def _entry(line: str) -> SimpleNamespace:
    name, _, target = (part.strip() for part in line.partition("="))
    module, _, attribute = target.partition(":")
    return SimpleNamespace(name=name, plugin=getattr(import_module(module), attribute))


def _lines_of(namespace: str) -> list[str]:
    home = Path(util.find_spec("bandit").submodule_search_locations[0]).parent
    (listed,) = home.glob("bandit-*.dist-info/entry_points.txt")
    groups = listed.read_text(encoding="utf-8").split("[")
    (group,) = (text for text in groups if text.startswith(f"{namespace}]"))
    return [line for line in group.splitlines()[1:] if "=" in line]


def _stand_ins() -> dict[str, ModuleType]:
    """What is put in the place of modules that this use of bandit never calls."""
    made = {name: ModuleType(name) for name in ("rich", "stevedore", "yaml", "importlib.metadata")}
    made["rich"].progress = SimpleNamespace(track=lambda files: files)
    made["stevedore"].extension = SimpleNamespace(ExtensionManager=Extensions)
    made["yaml"].YAMLError = ValueError
    made["importlib.metadata"].metadata = lambda package: {"Author": ""}
    made["importlib.metadata"].version = lambda package: ""
    return made


def load() -> tuple[ModuleType, ModuleType]:
    """bandit's config and manager, quickly or, where that does not work, as they come."""
    known, stand_ins = set(sys.modules), _stand_ins()
    sys.modules.update(stand_ins)
    try:
        return import_module("bandit.core.config"), import_module("bandit.core.manager")
    except Exception:
        for name in set(sys.modules) - known:
            del sys.modules[name]
        return import_module("bandit.core.config"), import_module("bandit.core.manager")
    finally:
        # Whoever asks for the real ones from here on gets them.
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def scan(bandit: ModuleType, settings: object, files: list[str]) -> dict:
    profile = {"include": set(), "exclude": UNHELPFUL}
    one = bandit.BanditManager(settings, "file", profile=profile, ignore_nosec=True, quiet=True)
    one.discover_files(files)
    one.run_tests()
    issues = one.get_issue_list()
    return {"issues": [issue.as_dict(with_code=False) for issue in issues], "skipped": one.skipped}


def main() -> None:
    logging.disable(logging.CRITICAL)
    config, bandit = load()
    settings = config.BanditConfig()
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        print(json.dumps(scan(bandit, settings, json.loads(line)["files"])), file=answers, flush=True)


if __name__ == "__main__":
    main()
