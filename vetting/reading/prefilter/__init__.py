"""Asks a text once which words occur in it, so that a pattern runs only over texts in which it can match at all.

needs.py derives from a pattern what every match of it must contain; vocabulary.py finds those words in a text, once for
all patterns; guarded.py is the pattern that asks first; between_starts.py keeps what the first two made for the next
process. Nothing is lost: a text that is passed over holds no match.
"""

from vetting.reading.prefilter.between_starts import kept_between_starts
from vetting.reading.prefilter.guarded import Guarded, guard_module, guarded, may_match
from vetting.reading.prefilter.vocabulary import Known, forget, known

__all__ = ["Guarded", "Known", "forget", "guard_module", "guarded", "kept_between_starts", "known", "may_match"]
