"""JavaScript and TypeScript into calls with their flows, by tree-sitter; nothing is run.

typescript.py blanks out types, nodes.py says what is written at each place of the tree, names.py knows what dotted names stand
for, values.py what an expression may hold, flow.py where values go, and calls.py is the door. plain.py is apart: it writes
every text that can be worked out as one string, for whatever looks by patterns.
"""
