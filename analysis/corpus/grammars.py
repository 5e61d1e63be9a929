"""What is known of each language in which passages about a pair of countries can be found."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

FOLDER = files("analysis.corpus") / "languages"
KNOWN = tuple(sorted(file.name.removesuffix(".yaml") for file in FOLDER.iterdir() if file.name.endswith(".yaml")))


@cache
def grammar(language: str) -> dict[str, Any]:
    """The file of a language: names of countries, what is none, joiners, "the two countries", abbreviations."""
    if language not in KNOWN:
        return {}
    return dict(yaml.safe_load((FOLDER / f"{language}.yaml").read_text("utf-8")))
