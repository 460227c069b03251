"""Code that stands inside other texts: in data files, in quotes, in sentences, in the words of another command.

data.py reads values and written-out files, quoted.py the quotes of languages that nobody parses here, spoken.py sentences,
carried.py the words of commands that start others, settings.py the values of any data file, and filled.py commands whose
words stand in such a file or a variable. pieces.py gathers them all with their places.
"""
