"""One module is one verb; each holds `command`."""
