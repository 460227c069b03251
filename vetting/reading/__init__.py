"""How a skill is read before anything judges it: once, into one view that every check shares.

The life of a text, top to bottom:
  1. reach.py lists the files and says how near each is to SKILL.md; effort.py and sifting.py decide what of a skill larger
     than skills are is read closely.
  2. opening.py turns each file into text (text.py from bytes, formats/ what is no text); what stays shut is told (shut.py).
  3. texts.py holds the texts with their blocks (markdown.py) and with what was hidden by encoding (layers.py, encodings.py).
  4. embedded/ finds the code that stands inside other texts; broken.py says what no version of its language could run.
  5. code.py gathers what they run: commands (shell.py, deeds.py) and calls with their flows, in the one shape of programs.py,
     from python/, javascript/ and, for languages without a grammar here, statements.py.
  6. hosts.py says what a destination is to this skill, places.py which places are sensitive.
  7. prose/ says what the sentences mean, and which of them order, forbid or only discuss.
  8. skill.py is the view of all that, and hit.py what a check gives back.

plainly.py puts a program's texts into one piece before anything looks; rendered.py shows prose without its markup, letters.py
and tongue.py take letters for what they look like, and prose/strewn.py joins what is laid out word by word. shelf.py keeps what was found in a text, so that it
is not read twice, and prefilter/ lets a pattern run only where its words occur.
"""
