"""What `make` calls. Standard library only: these run before any package is installed."""
