"""What a skill costs an agent's context, counted in tokens of the o200k vocabulary, offline.

An agent pays in three steps: L1, name and description, always; L2, the body of SKILL.md, when the skill is used;
L3, the reference texts, when the body sends it there.
"""

from functools import lru_cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType

from vetting import kept, token_table
from vetting.bundle import Bundle, BundleFile

TOKENIZER = "o200k_base"
PIECE = 20_000
# Letters that the table counts while the tokenizer loads.
LETTERS = 60_000
# Tasks and evals are the exam, not the skill: nobody installs them into an agent's context.
EXAMS = ("tasks/", "evals/")
REFERENCE_ENDINGS = (".md", ".markdown", ".txt", ".rst")


def _engine() -> ModuleType:
    """bpe_openai's compiled half, alone: its Python half reads every vocabulary it has before it does anything."""
    package = find_spec("bpe_openai")
    spec = package and PathFinder.find_spec("_bindings", package.submodule_search_locations)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("bpe_openai has no compiled half.", name="bpe_openai._bindings")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@lru_cache(maxsize=1)
def _tokenizer():
    return _engine().tokenizer_for_encoding(TOKENIZER)


class _Few:
    """What is left of the letters that are counted without the tokenizer: none, unless few texts are to come."""

    letters = 0


def few_texts() -> None:
    """For a process that vets few skills: their texts are counted in less time than the tokenizer takes to load."""
    _Few.letters = LETTERS
    if token_table.table() is None and kept.is_possible():
        token_table.make(TOKENIZER)


def count(text: str) -> int:
    """Tokens of a text of any size; long texts are counted in pieces, which moves the sum by at most one a piece."""
    whole = _without_halves(text)
    return sum(_count(whole[at : at + PIECE]) for at in range(0, len(whole), PIECE))


def _count(piece: str) -> int:
    if len(piece) <= _Few.letters and (table := token_table.table()) is not None:
        _Few.letters -= len(piece)
        if (tokens := table.count(piece)) is not None:
            return tokens
        _Few.letters = 0
    return _tokenizer().count(piece)


def _without_halves(text: str) -> str:
    """Half a surrogate pair is no character: what cannot be encoded becomes the sign for that."""
    try:
        text.encode()
        return text
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def cost(bundle: Bundle, *, name: str, description: str, body: str) -> dict:
    """{"tokenizer", "l1", "l2", "l3", "files": {path: tokens}}; l3 is the worst case, every reference read once."""
    texts = {file.path: file.text for file in bundle if _is_reference(file) and file.text is not None}
    if len(body) + sum(map(len, texts.values())) > _Few.letters:
        # The tokenizer has to be loaded anyway.
        _Few.letters = 0
    references = {path: count(text) for path, text in texts.items()}
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
