import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import analysis as an

SECTIONS = ["Parameters", "Returns", "Raises", "Warns", "Notes", "References", "Examples"]  # in NumPy's order


@pytest.mark.parametrize(
    ("used", "heavy"),
    [
        ("", "pandas polars sklearn matplotlib"),
        ("read_articles outlet_differences plot", "gensim scipy.stats sklearn"),
    ],
)
def test_what_is_not_used_is_not_loaded(used, heavy):
    loaded = f"import sys, analysis as an; [getattr(an, name) for name in {used.split()}]"
    shown = f"print([name for name in {heavy.split()} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", f"{loaded}; {shown}"], text=True).strip() == "[]"


def test_reading_needs_no_terminal():
    """In Jupyter, standard output is an object without a buffer."""
    without = "import io, sys; sys.stdout = io.StringIO(); import analysis.corpus.read"
    subprocess.run([sys.executable, "-c", without], check=True)


def test_help_lists_every_public_name_by_its_step():
    steps = (an.__doc__ or "").split("Parts that few need")[0]
    assert sorted(re.findall(r"``(\w+)``", steps)) == sorted(an.__all__)


@pytest.mark.parametrize("name", [name for name in an.__all__ if inspect.isfunction(getattr(an, name))])
def test_help_of_a_function_names_what_comes_back_and_shows_it(name):
    shown = inspect.getdoc(getattr(an, name)) or ""
    headings = re.findall(r"^(\w+)\n-+$", shown, re.MULTILINE)
    assert {"Returns", "Examples"} <= {*headings}
    assert [heading for heading in SECTIONS if heading in headings] == headings
    assert re.search(r"^Returns\n-+\n\w.*\n    \S", shown, re.MULTILINE)
    assert re.search(r"^Examples\n-+\n>>> ", shown, re.MULTILINE)


def limits():
    """The table of SECURITY.md: the value of each limit, and where it is set."""
    text = (Path(__file__).parents[1] / "SECURITY.md").read_text("utf-8")
    return re.findall(r"\| ([\d,]+)(?: (GiB|MiB))? \| `([\w.]+)\.(\w+)`", text)


@pytest.mark.parametrize(("number", "unit", "module", "name"), limits())
def test_limits_are_what_is_promised(number, unit, module, name):
    value = int(number.replace(",", "")) << {"GiB": 30, "MiB": 20, "": 0}[unit]
    assert getattr(importlib.import_module(module), name) == value
