"""The README's Python is run as a reader would, from top to bottom."""

import re
from pathlib import Path

import pandas as pd

import analysis as an

ROOT = Path(__file__).parents[1]


def snippets():
    found = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found


def test_the_snippets_run_one_after_the_other(monkeypatch):
    load = an.load_example
    some = load("news").head(600)  # enough to run on; the notebooks take all
    monkeypatch.setattr(an, "load_example", lambda name: some if name == "news" else load(name))
    monkeypatch.chdir(ROOT)
    exec(compile("\n".join(snippets()), "README.md", "exec"), {})


def test_the_first_steps_run_on_news_in_two_languages(tmp_path):
    english = "Russia and China signed a gas deal on {}. Russia and China are allies. They met in Moscow."
    german = "Russland und China schlossen am {} einen Vertrag. Sie sind Partner. Das Treffen war in Moskau."
    days = [f"2017-0{month}-0{day}" for month in range(1, 5) for day in range(1, 4)]
    rows = [(outlet, day, text.format(day)) for day in days
            for outlet, text in {"TASS": english, "CNN": english, "DW": german}.items()]  # fmt: skip
    path = tmp_path / "news.csv"
    pd.DataFrame(rows, columns=["outlet", "date", "text"]).to_csv(path, index=False)
    until, _, _ = snippets()[0].partition("coded = ")
    found = {}
    exec(compile(until.replace("seeds", str(path)), "README.md", "exec"), found)
    assert sorted(set(found["estimates"]["outlet"].astype(str))) == ["CNN", "TASS"]
