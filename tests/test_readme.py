"""The README's Python is run as a reader would, from top to bottom."""

import re
from pathlib import Path

import analysis as an

ROOT = Path(__file__).parents[1]


def test_the_snippets_run_one_after_the_other(monkeypatch):
    load = an.load_example
    some = load("news").head(600)  # enough to run on; the notebooks take all
    monkeypatch.setattr(an, "load_example", lambda name: some if name == "news" else load(name))
    monkeypatch.chdir(ROOT)
    snippets = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert snippets
    exec(compile("\n".join(snippets), "README.md", "exec"), {})
