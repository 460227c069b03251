"""What a skill says to its reader: sentences with the meanings of their words, and what they do with them.

sentences.py cuts and looks up words (lexicon.txt), planted.py and asides.py add the sentences that stand where nobody reads prose,
passages.py lays next to each what stands beside it. stance.py tells an order from a warning, stake.py what could be lost by
it, lessons.py the skills whose subject is attacks.
"""
