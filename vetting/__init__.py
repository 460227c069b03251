"""From an uploaded bundle to a verdict."""
