"""`manage.py vet` without the rest of the site: no app, model or route is loaded, so it starts many times faster.

The command itself is vetting/vet_command.py, which Django's own command of that name runs as well.
"""

import logging
import os
import sys
from collections.abc import Sequence

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
    from vetting.reading import prefilter

    if few:
        prefilter.few_texts()
    from vetting import garbage, local  # noqa: F401
    from vetting.checks import checks

    checks()
    garbage.look_seldom()


def main(argv: Sequence[str]) -> int:
    from config import settings
    from vetting import patterns, site, vet_command

    site.use(settings)
    line, level = settings.LOGGING["formatters"]["line"], settings.LOGGING["root"]["level"]
    logging.basicConfig(format=line["format"], style=line["style"], level=level)
    with patterns.kept_between_starts():
        load(few=len(argv) < FEW)
    try:
        return vet_command.main(argv, sys.stdout)
    except vet_command.NotVetted as trouble:
        print(trouble, file=sys.stderr)
        return 1
