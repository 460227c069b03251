"""Python into calls with their flows, by its own syntax tree; nothing is run.

marks.py tells strings, comments and brackets apart, dialects.py rewrites other versions into the one at hand, parts.py makes
the tree of what can be read, tree.py lays it out as a list, names.py knows what dotted names stand for, values.py what an
expression may hold, flow.py where values go, and calls.py is the door. plain.py is apart: it writes every text that can be
worked out as one string, for whatever looks by patterns.
"""
