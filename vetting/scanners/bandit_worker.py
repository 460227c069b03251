"""A process of its own in which bandit parses hostile Python. It parses only: nothing of a skill is imported or run.

Started by path with `python -I`, so that neither the working folder nor user settings reach its imports. Each line on
stdin is `{"files": [...]}`, each answer one line on stdout: `{"issues": [...], "skipped": [[path, reason], ...]}`.
"""

import json
import logging
import sys

from bandit.core import config, manager

# Not findings but remarks that a skill cannot act on (importing subprocess or xml, assert, try-except-pass, a request
# without a time-out), and string constants that look like passwords, which the check for secrets judges with context.
UNHELPFUL = {"B101", "B105", "B106", "B107", "B110", "B112", "B113", "B311", "B603", "B607"}
UNHELPFUL |= {"B401", "B402", "B403", "B404", "B405", "B406", "B407", "B408", "B409", "B410", "B411", "B412"}


def scan(settings: config.BanditConfig, files: list[str]) -> dict:
    profile = {"include": set(), "exclude": UNHELPFUL}
    bandit = manager.BanditManager(settings, "file", profile=profile, ignore_nosec=True, quiet=True)
    bandit.discover_files(files)
    bandit.run_tests()
    issues = bandit.get_issue_list()
    return {"issues": [issue.as_dict(with_code=False) for issue in issues], "skipped": bandit.skipped}


def main() -> None:
    logging.disable(logging.CRITICAL)
    settings = config.BanditConfig()
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        print(json.dumps(scan(settings, json.loads(line)["files"])), file=answers, flush=True)


if __name__ == "__main__":
    main()
