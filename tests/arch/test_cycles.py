"""No module imports itself by way of others."""

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest


def test_imports_have_no_cycle() -> None:
    """A cycle among load-time imports hides which module rests on which."""
    graph = grimp.build_graph("learnsite_desktop")
    order = TopologicalSorter(
        {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    )
    try:
        order.prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
