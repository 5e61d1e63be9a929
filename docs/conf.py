"""The documentation site, built without a network from README, the pages here, docstrings and notebooks."""

import inspect
import re
from pathlib import Path

import analysis as an

ROOT = Path(__file__).resolve().parents[1]
project = "Outlet Framing"
author = copyright = "The Outlet Framing developers"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
nb_execution_mode = "off"  # the stored outputs, which the tests compare
myst_enable_extensions = ["colon_fence"]
exclude_patterns = ["_build"]
suppress_warnings = ["myst.xref_missing", "myst.header", "mystnb.unknown_mime_type"]
autodoc_typehints = "none"


def api_pages() -> dict[str, list[str]]:
    """The public names in the groups of ``help(analysis)``."""
    heads = re.findall(r"^(\w[\w ]*)\n    (``.+?)(?=\n\S|\Z)", inspect.getdoc(an) or "", re.M | re.S)
    return {head: re.findall(r"``(\w+)``", names) for head, names in heads}


def write_api(folder: Path) -> None:
    lines = ["# Reference", ""]
    for head, names in api_pages().items():
        lines += [f"## {head}", ""]
        for name in names:
            kind = "autoclass" if inspect.isclass(getattr(an, name)) else "autofunction"
            lines += [f"```{{eval-rst}}\n.. {kind}:: analysis.{name}\n```", ""]
    folder.joinpath("reference.md").write_text("\n".join(lines), "utf-8")


def copy_notebooks(folder: Path) -> None:
    target = folder / "notebooks"
    target.mkdir(exist_ok=True)
    for notebook in sorted(ROOT.glob("notebooks/*.ipynb")):
        (target / notebook.name).write_bytes(notebook.read_bytes())


write_api(ROOT / "docs")
copy_notebooks(ROOT / "docs")
