"""Rules of the code that no tool knows: names, signals, waiting, SQL, the purity of the domain."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator

import pytest

from tests.arch.source import PACKAGE, ROOT, Module, modules

FORBIDDEN_WORDS = frozenset(
    "manager helper util utils handler process data info logic sync".split()  # noqa: SIM905
)
IMPURE = frozenset({"os", "pathlib", "random", "sqlite3", "time", "uuid"})
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM\s"
    r"|INSERT\s+(OR\s+\w+\s+)?INTO\s|REPLACE\s+INTO\s"
    r"|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s"
    r"|(CREATE|DROP|ALTER)\s+(TEMP\s+|VIRTUAL\s+|UNIQUE\s+)*(TABLE|INDEX|VIEW|TRIGGER)\s"
    r"|PRAGMA\s+\w+)",
    re.DOTALL,
)
WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


def words(name: str) -> set[str]:
    """Return the words of an identifier: `read_dataPart` gives read, data, part."""
    return {word.lower() for word in WORD.findall(name)}


def chosen_names(module: Module) -> Iterator[tuple[int, str]]:
    """Yield line and name of everything that the module itself names."""
    for node in ast.walk(module.tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if not _overrides(node):
                    yield node.lineno, node.name
            case ast.ClassDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.lineno, node.attr
            case ast.alias(asname=str(renamed)):
                yield node.lineno, renamed


# Methods that logging, click and Qt's models call by these names.
THEIR_NAMES = {
    "_process_opts",
    "handleError",
    "data",
    "setData",
    "headerData",
    "mimeData",
    "dropMimeData",
    "setEditorData",
    "setModelData",
}


def _overrides(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
    return "override" in marks or node.name in THEIR_NAMES


def strings_outside_docstrings(module: Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of string constants that are more than documentation."""
    documentation = {
        id(node.value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr):
            parts = [str(p.value) if isinstance(p, ast.Constant) else "x" for p in node.values]
            yield node.lineno, "".join(parts)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documentation
        ):
            yield node.lineno, node.value


def calls(module: Module) -> Iterator[ast.Call]:
    """Yield every call."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node


def wrong_signals(tree: ast.AST) -> list[int]:
    """Return the lines of signals that declare more than nothing or one object."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Signal":
            payload = [ast.unparse(argument) for argument in node.args]
            if payload not in ([], ["object"]):
                found.append(node.lineno)
    return found


def test_names_say_what_a_thing_is() -> None:
    wrong = [
        f"{module.name}:{line} {name}"
        for module in modules()
        for line, name in chosen_names(module)
        if words(name) & FORBIDDEN_WORDS
    ]
    wrong += [
        module.name
        for module in modules()
        if set(re.split(r"[/_.]", module.name.removesuffix(".py"))) & FORBIDDEN_WORDS
    ]
    assert not wrong, "\n".join(wrong)


def test_signals_carry_nothing_or_one_object() -> None:
    wrong = [f"{m.name}:{line}" for m in modules() for line in wrong_signals(m.tree)]
    assert not wrong, wrong


def test_nobody_polls() -> None:
    wrong = [
        f"{module.name}:{call.lineno}"
        for module in modules()
        for call in calls(module)
        if ast.unparse(call.func).rpartition(".")[2] == "processEvents"
        or ast.unparse(call.func) in {"time.sleep", "sleep"}
    ]
    assert not wrong, wrong


def test_sql_stands_only_in_store() -> None:
    wrong = [
        f"{module.name}:{line} {text[:40]!r}"
        for module in modules()
        if not module.name.startswith("store/")
        for line, text in strings_outside_docstrings(module)
        if SQL.search(text)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_domain_uses_the_standard_library_alone_and_not_the_computer() -> None:
    wrong = []
    for module in modules():
        if not module.name.startswith("domain/"):
            continue
        for node in ast.walk(module.tree):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                own = name.startswith("learnsite_desktop.domain")
                top = name.partition(".")[0]
                if not own and (top not in sys.stdlib_module_names or top in IMPURE):
                    wrong.append(f"{module.name}: {name}")
    assert not wrong, wrong


def test_the_contract_on_qt_names_every_package_that_must_do_without() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    (listed,) = (
        c["source_modules"] for c in contracts if "PySide6" in c.get("forbidden_modules", [])
    )
    there = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    wanted = {f"{PACKAGE.name}.{name}" for name in there - {"ui", "paint"}}
    assert set(listed) == wanted


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("a = Signal()\nb = QtCore.Signal(object)", []),
        ("a = Signal(str, int)\nb = Signal(dict)\nc = Signal(object, object)", [1, 2, 3]),
    ],
)
def test_the_signal_rule_finds_what_it_should(code: str, lines: list[int]) -> None:
    assert wrong_signals(ast.parse(code)) == lines


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a FROM b",
        "select 1; INSERT OR IGNORE INTO t VALUES (1)",
        "UPDATE t SET a=1",
        "DELETE FROM t",
        "CREATE TEMP TABLE t (a)",
        "PRAGMA journal_mode",
    ],
)
def test_the_sql_rule_finds_sql(text: str) -> None:
    assert SQL.search(text)


@pytest.mark.parametrize("text", ["Select a site from the list.", "Update the record."])
def test_the_sql_rule_leaves_sentences_alone(text: str) -> None:
    assert not SQL.search(text)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("data_folder", True),
        ("SessionManager", True),
        ("database_id", False),
        ("processed", False),
        ("readInfo", True),
        ("dataclass", False),
    ],
)
def test_the_name_rule_knows_words(name: str, wrong: bool) -> None:
    assert bool(words(name) & FORBIDDEN_WORDS) is wrong
