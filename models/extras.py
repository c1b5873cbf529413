"""Heavy packages are imported where they are used; a missing one says which extra to install."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from productivity.errors import MissingExtra


def needs_edge(*modules: str) -> AbstractContextManager[None]:
    """Say that the extra "edge" is missing where one of `modules` cannot be imported."""
    return needs("edge", *modules)


@contextmanager
def needs(extra: str, *modules: str) -> Iterator[None]:
    """Turn the import error of one of `modules` into `MissingExtra`; other import errors pass through."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in modules:
            raise
        raise MissingExtra(extra, missing) from error
