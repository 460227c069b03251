"""TypeScript as JavaScript: the types of variables and what a value is taken for, blanked out so that places stay.

The grammar that reads JavaScript stumbles over a type and loses what stands behind it; what is between a name and its
value says nothing about what a program does.
"""

import re

# const name: Type<Of, That> = value
_TYPED = re.compile(rb"(\b(?:const|let|var)\s{1,3}[\w$]{1,80})(\s{0,3}:\s{0,3}[A-Za-z_({\[][^=;\n]{0,200})(=(?![=>]))")
# value as Type
_TAKEN_FOR = re.compile(
    rb"(?<=[\w)\]}\"'])(\s{1,3}as\s{1,3}(?:const|unknown|any|string|number|boolean"
    rb"|[A-Z][\w.]{0,60}(?:<[^>\n;]{0,100}>)?(?:\[\])?))(?=[\s);,.\]}])"
)
# function f(name: Type, other?: Type)
_PARAMETER = re.compile(
    rb"((?:\(|,)\s{0,3}[\w$]{1,60})(\??\s{0,3}:\s{0,3}(?:string|number|boolean|any|unknown|object|Buffer"
    rb"|[A-Z]\w{0,60})(?:<[\w\s,|<>\[\]]{0,80}>)?(?:\[\])?)(?=\s{0,3}[,)=])"
)


def without_types(data: bytes) -> bytes:
    """The same text, as long as before, without the types that it can do without."""
    data = _TYPED.sub(lambda m: m.group(1) + _blank(m.group(2)) + m.group(3), data)
    if b" as " in data:
        data = _TAKEN_FOR.sub(lambda m: _blank(m.group(1)), data)
    return _PARAMETER.sub(lambda m: m.group(1) + _blank(m.group(2)), data)


def _blank(piece: bytes) -> bytes:
    return b" " * len(piece)
