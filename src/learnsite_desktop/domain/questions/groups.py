"""Groups of things that belong together by being joined, directly or over others."""

from collections import defaultdict
from collections.abc import Iterable


class Groups:
    """What belongs together by being joined, directly or over others."""

    def __init__(self, keys: Iterable[int]) -> None:
        """Begin with every key alone."""
        self._above = {key: key for key in keys}

    def top(self, key: int) -> int:
        """Return the key that stands for a key's group."""
        while self._above[key] != key:
            self._above[key] = key = self._above[self._above[key]]
        return key

    def join(self, one: int, other: int) -> None:
        """Make the groups of two keys one."""
        low, high = sorted((self.top(one), self.top(other)))
        self._above[high] = low

    def found(self) -> list[set[int]]:
        """Return the groups of two and more."""
        groups: dict[int, set[int]] = defaultdict(set)
        for key in self._above:
            groups[self.top(key)].add(key)
        return [keys for keys in groups.values() if len(keys) > 1]
