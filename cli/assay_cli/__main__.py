"""`python -m assay_cli` is `skill`."""

from assay_cli.main import main

main()
