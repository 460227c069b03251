#!/bin/sh
# The pre-commit hook: checks the skills that hold the given files, with the command of this very checkout.
# The command is installed beside this file when it is first needed. ASSAY_FAIL_ON names the gravity that fails a commit.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
venv=$here/.hook-venv
skill=${ASSAY_SKILL:-$venv/bin/skill}
if [ ! -x "$skill" ]; then
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$here"
fi
exec "$skill" check --changed --fail-on "${ASSAY_FAIL_ON:-high}" -- "$@"
