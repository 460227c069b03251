"""A text as it would stand if nobody had spread it out: each language's own way, before any pattern looks. Lines stay."""

from vetting.reading.javascript.plain import plain_javascript
from vetting.reading.pieced import Plain
from vetting.reading.python.plain import plain_python
from vetting.reading.text import in_one_line, with_one_blank

_SHELL = frozenset(("shell", "sh", "bash", "zsh", "console", "terminal"))
_PYTHON = frozenset(("python", "py", "python3"))
_SCRIPT = frozenset(("javascript", "js", "typescript", "ts", "jsx", "tsx", "node", "mjs"))


def plainly(text: str, lang: str) -> Plain:
    """Commands of a shell in one line each, texts of a program in one piece each."""
    if lang in _SHELL:
        return Plain(with_one_blank(in_one_line(text)))
    if lang in _PYTHON:
        return plain_python(with_one_blank(text, few=True))
    return plain_javascript(with_one_blank(text, few=True)) if lang in _SCRIPT else Plain(text)
