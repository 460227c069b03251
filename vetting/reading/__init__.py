"""How a skill is read before anything judges it: once, into one view that every check shares.

skill.py is the view. Below it reach.py opens every file (text.py turns bytes into text, formats/ opens what is none) and
says how near each is to SKILL.md; texts.py holds the texts with their blocks (markdown.py) and with what was hidden by
encoding (layers.py); code.py gathers what they run: commands (shell.py) and calls with their flows (programs.py, with
python_code.py and javascript.py); hosts.py says what a destination is to this skill, sentences.py what a sentence means.

What shelf.py keeps of a text is not read twice, prefilter/ lets a pattern run only where its words occur, and effort.py
decides what of a skill larger than skills are is read closely.
"""
