"""What the authors of disputed values had before them: pasts, and the state they had in common."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from learnsite_desktop.domain.merge import Merged, Node, merge


def past_of(known: Mapping[bytes, Node], names: Iterable[bytes]) -> set[bytes]:
    """Return the ancestors of operations, not those themselves unless one precedes another.

    `known` maps hashes to operations; parents that are not in it are passed over.
    """
    found: set[bytes] = set()
    stack = [parent for name in names if name in known for parent in known[name].par]
    while stack:
        name = stack.pop()
        if name in known and name not in found:
            found.add(name)
            stack.extend(known[name].par)
    return found


def common_past(known: Mapping[bytes, Node], names: Sequence[bytes]) -> set[bytes]:
    """Return the operations that every one of `names` builds on."""
    pasts = [past_of(known, [name]) for name in names]
    return set.intersection(*pasts) if pasts else set()


def state_of(ready: Sequence[Node], names: set[bytes], is_fact: Callable[[str], bool]) -> Merged:
    """Return the state that a set of operations gives which holds all its own ancestors.

    `ready` are all operations of the record, parents first.
    """
    return merge([node for node in ready if node.hash in names], is_fact)
