"""How large a module, a function and a class may be; the worst five are printed (pytest -s)."""

import ast

from tests.arch.source import modules

MODULE_LINES = 400
FUNCTION_LINES = 60
CLASS_METHODS = 25
MAIN_WINDOW_LINES = 300

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _judge(what: str, sizes: dict[str, int], limit: int) -> None:
    """Print the largest five of `sizes` and fail when one is over `limit`."""
    ranked = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    print(f"\n{what} (at most {limit})")
    for name, size in ranked[:5]:
        print(f"  {size:5} {name}")
    over = [f"{name}: {size}" for name, size in ranked if size > limit]
    assert not over, f"{what} over {limit}: {over}"


def test_modules() -> None:
    _judge(
        "lines of a module",
        {module.name: module.text.count("\n") for module in modules()},
        MODULE_LINES,
    )


def test_main_window() -> None:
    found = {
        module.name: module.text.count("\n")
        for module in modules()
        if module.name == "ui/main_window.py"
    }
    _judge("lines of the main window", found, MAIN_WINDOW_LINES)


def test_functions() -> None:
    sizes = {
        f"{module.name}:{node.lineno} {node.name}": (node.end_lineno or node.lineno)
        - node.lineno
        + 1
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, Function)
    }
    _judge("lines of a function", sizes, FUNCTION_LINES)


def test_classes() -> None:
    sizes = {
        f"{module.name}:{node.lineno} {node.name}": sum(
            isinstance(item, Function) for item in node.body
        )
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    }
    _judge("methods of a class", sizes, CLASS_METHODS)
