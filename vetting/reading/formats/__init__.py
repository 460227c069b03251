"""Files that are not plain text, one file a format: what text and what programs stand inside, found without running any.

Each reader is bounded and gives what it could read together with what it could not.
"""
