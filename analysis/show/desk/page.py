"""The desk's scripts and style, joined from the files beside this one."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# Plain scripts that share one scope, in the order in which they build on each other: no bundler, no address.
CORE = ("marks.js", "grid.js", "reading.js", "desk.js")


@cache
def script(*more: str) -> str:
    """The rendering core, and after it the files that fit it to a place."""
    shelf = files(__package__ or __name__)
    return "\n".join(shelf.joinpath(name).read_text("utf-8") for name in (*CORE, *more))


@cache
def style() -> str:
    """The desk's style sheet."""
    return files(__package__ or __name__).joinpath("desk.css").read_text("utf-8")
