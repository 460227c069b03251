"""The `skill` command: knows the API of an Assay registry, and nothing of the site behind it."""

__version__ = "0.1.0"
