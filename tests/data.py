"""Cases as data: what a file of ``tests/cases`` holds."""

from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).parent / "cases"


def cases(name: str, *, as_text: bool = False) -> Any:
    """The cases of a YAML file; with ``as_text`` every scalar as it is written."""
    loader = yaml.CBaseLoader if as_text else yaml.CSafeLoader  # compiled: ten times as fast
    return yaml.load((CASES / f"{name}.yaml").read_text("utf-8"), loader)
