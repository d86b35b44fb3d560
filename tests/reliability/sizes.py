"""How much the suites do: a short set with every `make test`, the long one with `make soak`."""

import os
from typing import Final

_FACTOR: Final = float(os.environ.get("RELIABILITY_FACTOR", "1"))


def size(count: int) -> int:
    """Return a size of the long set; `RELIABILITY_FACTOR` makes all of them smaller or larger."""
    return max(1, round(count * _FACTOR))
