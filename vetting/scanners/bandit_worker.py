"""A process of its own in which bandit parses hostile Python. It parses only: nothing of a skill is imported or run.

Started by path with `python -I -S` and the folder that bandit lies in, so that neither the working folder nor settings
of the user or of the environment reach its imports. Each line on stdin is `{"files": {path: tests}}`, where the tests
are a list of their numbers, or null for all of them. Each answer is one line on stdout:
`{"issues": [...], "skipped": [[path, reason], ...]}`.

bandit loads a terminal's progress bars, three readers of settings, nine report writers and the metadata of every
package before it reads its first line. None of that is used here, so empty modules stand in for it. A bandit that needs
more of them than they have is loaded as it is, which only takes longer.
"""

import ast
import json
import logging
import os
import sys
from collections.abc import Collection, Mapping
from importlib import import_module
from itertools import zip_longest
from types import ModuleType, SimpleNamespace

# Not findings but remarks that a skill cannot act on (importing subprocess or xml, assert, try-except-pass, a request
# without a time-out), and string constants that look like passwords, which the check for secrets judges with context.
UNHELPFUL = {"B101", "B105", "B106", "B107", "B110", "B112", "B113", "B311", "B603", "B607"}
UNHELPFUL |= {"B401", "B402", "B403", "B404", "B405", "B406", "B407", "B408", "B409", "B410", "B411", "B412"}
NOT_NEEDED = ("bandit.formatters",)
STAND_INS = ("rich", "stevedore", "yaml", "tomllib", "configparser", "importlib.metadata")


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
    home = os.path.dirname(sys.modules["bandit"].__path__[0])
    (metadata,) = (one for one in os.listdir(home) if one.startswith("bandit-") and one.endswith(".dist-info"))
    with open(os.path.join(home, metadata, "entry_points.txt"), encoding="utf-8") as listed:
        groups = listed.read().split("[")
    (group,) = (text for text in groups if text.startswith(f"{namespace}]"))
    return [line for line in group.splitlines()[1:] if "=" in line]


def _stand_ins() -> dict[str, ModuleType]:
    """What is put in the place of modules that this use of bandit never calls."""
    made = {name: ModuleType(name) for name in STAND_INS}
    made["rich"].progress = SimpleNamespace(track=lambda files: files)
    made["stevedore"].extension = SimpleNamespace(ExtensionManager=Extensions)
    made["yaml"].YAMLError = made["tomllib"].TOMLDecodeError = made["configparser"].Error = ValueError
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


class Chosen:
    """Stands in for bandit's set of tests: those of them that a file needs."""

    def __init__(self, every: dict[str, list], numbers: Collection[str]) -> None:
        chosen = {kind: [test for test in tests if test._test_id in numbers] for kind, tests in every.items()}
        self.tests = {kind: tests for kind, tests in chosen.items() if tests}
        # Imports say what a name stands for, classes and functions where one is.
        self.kinds = {"Import", "ImportFrom", "ClassDef", "FunctionDef", *self.tests}
        if not self.kinds.isdisjoint(("Str", "Bytes")):
            self.kinds.add("Constant")

    def get_tests(self, kind: str) -> list:
        return self.tests.get(kind, [])


def manager(bandit: ModuleType) -> type:
    """bandit's manager, with a visitor that stops only at nodes for which a test of the file was chosen."""
    visitor = bandit.b_node_visitor.BanditNodeVisitor

    class Visitor(visitor):
        def generic_visit(self, node: ast.AST) -> None:
            for field in node._fields:
                value = getattr(node, field, None)
                if isinstance(value, ast.AST):
                    self.step(value, node, None)
                elif isinstance(value, list):
                    for item, sibling in zip_longest(value, value[1:]):
                        if isinstance(item, ast.AST):
                            self.step(item, node, sibling)

        def step(self, node: ast.AST, parent: ast.AST, sibling: ast.AST | None) -> None:
            node._bandit_parent, node._bandit_sibling = parent, sibling
            if type(node).__name__ not in self.testset.kinds:
                self.generic_visit(node)
            elif self.pre_visit(node):
                self.visit(node)
                self.generic_visit(node)
                self.post_visit(node)

    class Manager(bandit.BanditManager):
        chosen: Mapping[str, Collection[str] | None] = {}
        sets: dict[frozenset[str], Chosen] = {}

        def _execute_ast_visitor(self, fname: str, fdata: object, data: bytes, nosec_lines: dict) -> object:
            numbers = self.chosen[fname]
            if numbers is None:
                return super()._execute_ast_visitor(fname, fdata, data, nosec_lines)
            key = frozenset(numbers)
            tests = self.sets.get(key) or self.sets.setdefault(key, Chosen(self.b_ts.tests, key))
            one = Visitor(fname, fdata, self.b_ma, tests, self.debug, nosec_lines, self.metrics)
            score = one.process(data)
            self.results.extend(one.tester.results)
            return score

    return Manager


def scan(manager: type, settings: object, files: Mapping[str, Collection[str] | None]) -> dict:
    profile = {"include": set(), "exclude": UNHELPFUL}
    one = manager(settings, "file", profile=profile, ignore_nosec=True, quiet=True)
    one.chosen, one.sets = files, {}
    one.discover_files(list(files))
    one.run_tests()
    issues = one.get_issue_list()
    return {"issues": [issue.as_dict(with_code=False) for issue in issues], "skipped": one.skipped}


def main() -> None:
    sys.path += sys.argv[1:]
    logging.disable(logging.CRITICAL)
    config, bandit = load()
    settings, one = config.BanditConfig(), manager(bandit)
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        print(json.dumps(scan(one, settings, json.loads(line)["files"])), file=answers, flush=True)


if __name__ == "__main__":
    main()
