"""A Python syntax tree as one list of nodes, in the order of their depth, each with the function and the loop around it."""

import ast

# Fields that hold no piece of the program's flow: operators, contexts and names written as text.
_IDLE = frozenset("ctx op ops id attr arg asname module level kind type_comment name names lineno".split())
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_fields: dict[type, tuple[str, ...]] = {ast.Constant: ()}


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, in their order."""
    kind = type(node)
    fields = _fields.get(kind)
    if fields is None:
        fields = _fields[kind] = tuple(name for name in kind._fields if name not in _IDLE)
    out: list[ast.AST] = []
    for name in fields:
        value = getattr(node, name, None)
        if not value:
            continue
        if type(value) is list:
            out += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            out.append(value)
    return out


class Nodes:
    """all of them; in_loop holds the ids of calls inside a loop, owners the function that a return leaves."""

    def __init__(self, tree: ast.AST) -> None:
        self.all: list[ast.AST] = [tree]
        self.in_loop: set[int] = set()
        self.owners: dict[int, str] = {}
        around: list[tuple[str, bool]] = [("", False)]
        for at, node in enumerate(self.all):
            place = around[at]
            if isinstance(node, _FUNCTIONS):
                place = (node.name, place[1])
            elif isinstance(node, (ast.While, ast.For)):
                place = (place[0], True)
            elif isinstance(node, ast.Call) and place[1]:
                self.in_loop.add(id(node))
            elif isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)) and place[0]:
                self.owners[id(node)] = place[0]
            below = children(node)
            self.all += below
            around += [place] * len(below)
