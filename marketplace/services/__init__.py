"""Every write, one keyword-only function a verb, its audit row in the same transaction."""
