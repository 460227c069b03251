"""JSON, one folder a dialect."""
