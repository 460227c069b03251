"""How a skill is read before anything judges it: once, into one view that every check shares.

skill.py is the view; text.py turns bytes into text, markdown.py into blocks, shell.py into commands, programs.py
(python_code.py and its rooms, javascript.py) into calls with their flows, layers.py into what was hidden by encoding,
and hosts.py says what a destination is to this skill. What shelf.py keeps of a text is not read twice, and prefilter/
lets a pattern run only where its words occur.
"""
