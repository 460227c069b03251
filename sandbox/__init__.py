"""Run something in a sealed room and tell what it did. Imports no Django."""
