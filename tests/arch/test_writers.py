"""Tables that leave the program are written in one place, where no text can become a formula."""

import ast

from tests.arch.source import Module, modules

WRITERS = {"openpyxl.Workbook": "reports/workbook.py", "csv.writer": "reports/delimited.py"}


def used(module: Module) -> set[str]:
    """Return which writers a module makes: by import or by attribute, for types only apart."""
    found: set[str] = set()
    typing = {
        id(below)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for below in ast.walk(node)
    }
    for node in ast.walk(module.tree):
        if id(node) in typing:
            continue
        if isinstance(node, ast.ImportFrom) and not node.level:
            found |= {f"{(node.module or '').partition('.')[0]}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Attribute):
            found.add(ast.unparse(node))
    if "csv.DictWriter" in found:
        found.add("csv.writer")
    return found & set(WRITERS)


def place(module: Module) -> str:
    """Return the path of a module below the package, with slashes."""
    return module.name.replace("\\", "/")


def test_tables_are_written_in_one_place() -> None:
    makers = {name: {place(m) for m in modules() if name in used(m)} for name in WRITERS}
    assert {
        name: {one[-len(path) :] for one in makers[name]} for name, path in WRITERS.items()
    } == {name: {path} for name, path in WRITERS.items()}, makers
