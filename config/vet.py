"""`manage.py vet` without the rest of the site: no app, model or route is loaded, so it starts many times faster.

The command itself is vetting/vet_command.py, which Django's own command of that name runs as well.
"""

import atexit
import logging
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

# So many words on the command line mean that few skills are vetted.
FEW = 16


def is_plain(argv: Sequence[str]) -> bool:
    """Whether nothing in these words asks for Django: no option of Django's own, no settings other than the site's."""
    from vetting import vet_command

    if os.environ["DJANGO_SETTINGS_MODULE"] != "config.settings":
        return False
    return not vet_command.parser().parse_known_args(argv)[1]


def load(*, few: bool = False) -> None:
    """Everything that static vetting consists of; with few skills to come, without what pays off over many."""
    from vetting import tokens
    from vetting.reading import prefilter

    if few:
        tokens.few_texts()
    with prefilter.kept_between_starts(few=few):
        from vetting import garbage, local  # noqa: F401
        from vetting.checks import checks

        checks()
    garbage.look_seldom()


def main(argv: Sequence[str]) -> int:
    from config import settings
    from vetting import garbage, site

    site.use(settings)
    line, level = settings.LOGGING["formatters"]["line"], settings.LOGGING["root"]["level"]
    logging.basicConfig(format=line["format"], style=line["style"], level=level)
    from vetting import generated, patterns, vet_command

    with garbage.not_looked_for(), patterns.kept_between_starts(), generated.kept_between_starts():
        load(few=len(argv) < FEW)
    try:
        return vet_command.main(argv, sys.stdout)
    except vet_command.NotVetted as trouble:
        print(trouble, file=sys.stderr)
        return 1


def leave(status: int) -> NoReturn:
    """End the process without taking it down: hundreds of modules that nobody needs any more, one by one.

    Whoever asked to be told of the end is told, and what was written is passed on; where that fails, Python says so in
    its own way.
    """
    try:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except Exception:
        sys.exit(status)
    os._exit(status)
