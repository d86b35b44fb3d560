"""What can be wrong with a bundle: one exception, a code and a place."""

from collections.abc import Iterator
from contextlib import contextmanager

from learnsite_desktop.domain.refusals import Refusal


class BundleError(Refusal):
    """A bundle is not accepted; nothing was taken from it.

    `where` is the place: a frame ("O @ 1234", the byte in the uncompressed stream), "age" or
    "zstd". Codes stand in `domain.refusals`.
    """


@contextmanager
def at_place(place: str) -> Iterator[None]:
    """Turn a Refusal raised inside into a BundleError of the same code at `place`."""
    try:
        yield
    except BundleError as error:
        if error.where:
            raise
        raise _placed(error, place) from error
    except Refusal as error:
        raise _placed(error, f"{place} {error.where}".rstrip()) from error


def _placed(error: Refusal, place: str) -> BundleError:
    params = {key: value for key, value in error.params.items() if key != "where"}
    return BundleError(error.code, place, **params)
