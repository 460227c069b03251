"""What a skill costs an agent's context, counted in tokens of the o200k vocabulary, offline.

An agent pays in three steps: L1, name and description, always; L2, the body of SKILL.md, when the skill is used;
L3, the reference texts, when the body sends it there.
"""

from functools import lru_cache

import bpe_openai

from vetting.bundle import Bundle, BundleFile

TOKENIZER = "o200k_base"
PIECE = 20_000
# Tasks and evals are the exam, not the skill: nobody installs them into an agent's context.
EXAMS = ("tasks/", "evals/")
REFERENCE_ENDINGS = (".md", ".markdown", ".txt", ".rst")


@lru_cache(maxsize=1)
def _encoding() -> bpe_openai.Encoding:
    return bpe_openai.get_encoding(TOKENIZER)


def count(text: str) -> int:
    """Tokens of a text of any size; long texts are counted in pieces, which moves the sum by at most one a piece."""
    encode = _encoding().encode_ordinary
    return sum(len(encode(text[at : at + PIECE])) for at in range(0, len(text), PIECE))


def cost(bundle: Bundle, *, name: str, description: str, body: str) -> dict:
    """{"tokenizer", "l1", "l2", "l3", "files": {path: tokens}}; l3 is the worst case, every reference read once."""
    references = {file.path: count(file.text) for file in bundle if _is_reference(file) and file.text is not None}
    return {
        "tokenizer": TOKENIZER,
        "l1": count(f"{name}: {description}"),
        "l2": count(body),
        "l3": sum(references.values()),
        "files": references,
    }


def _is_reference(file: BundleFile) -> bool:
    named = file.path.lower().endswith(REFERENCE_ENDINGS) and file.path != "SKILL.md"
    return named and not file.path.startswith(EXAMS)
