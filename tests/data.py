"""What tests share: cases as data, and errors tested whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

CASES = Path(__file__).parent / "cases"


def cases(name: str, *, as_text: bool = False) -> Any:
    """The cases of a YAML file; with ``as_text`` every scalar as it is written."""
    loader = yaml.CBaseLoader if as_text else yaml.CSafeLoader  # compiled: ten times as fast
    return yaml.load((CASES / f"{name}.yaml").read_text("utf-8"), loader)


@contextmanager
def refused(text: str, kind: type[Exception] | tuple[type[Exception], ...] = ValueError) -> Iterator[None]:
    """What is done inside is refused with this text, and no other."""
    with pytest.raises(kind) as raised:
        yield
    assert str(raised.value) == text
