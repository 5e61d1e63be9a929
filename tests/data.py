"""What tests share: cases as data, the command in this process, and errors tested whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from click.testing import CliRunner, Result

from analysis.__main__ import main

CASES = Path(__file__).parent / "cases"


def cases(name: str, *, as_text: bool = False) -> Any:
    """The cases of a YAML file; with ``as_text`` every scalar as it is written."""
    loader = yaml.CBaseLoader if as_text else yaml.CSafeLoader  # compiled: ten times as fast
    return yaml.load((CASES / f"{name}.yaml").read_text("utf-8"), loader)


def framing(*arguments: Any, given: str | None = None) -> Result:
    """What the command did with these arguments, run in this process, and ``given`` typed in."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=given)


@contextmanager
def refused(text: str, kind: type[Exception] | tuple[type[Exception], ...] = ValueError) -> Iterator[None]:
    """What is done inside is refused with this text, and no other."""
    with pytest.raises(kind) as raised:
        yield
    assert str(raised.value) == text


@contextmanager
def undrawn() -> Iterator[None]:
    """Figures of reports are blank, a third of their time; what is written of them is there."""
    blank = {"plot": lambda *_, **__: None, "svg_of": lambda _: "<svg/>"}
    with mock.patch.multiple("analysis.show.report.pictures", **blank):
        yield
