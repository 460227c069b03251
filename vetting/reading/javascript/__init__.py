"""JavaScript and TypeScript into calls with their flows, by tree-sitter; nothing is run.

typescript.py blanks out types, names.py knows what dotted names stand for, and calls.py is the door. plain.py writes every text
that can be worked out as one string, for whatever looks by patterns.
"""
