#!/usr/bin/env python
"""The operator's door: migrate, up, vet, selfcheck, reap, token."""

import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["vet"]:
        from config import vet

        if vet.is_plain(sys.argv[2:]):
            vet.leave(vet.main(sys.argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
