"""Results that a second run need not measure again."""

import ast
import json
import sys
from pathlib import Path

import pandas as pd
import pytest
from claims import SMALL, curve

import analysis as an
from analysis.compare.robustness.cache import PACKAGES, ROOMS, Cache, default_folder
from analysis.compare.robustness.measures import FIGURES, FrameMeasure, TopicMeasure
from analysis.corpus.provenance import digest


def test_what_was_found_is_not_measured_again(articles, lexicon, tmp_path, monkeypatch):
    first = curve(articles, lexicon, cache=tmp_path)
    assert len(list(tmp_path.glob("*.json"))) == len(first)
    assert not list(tmp_path.glob("*.part"))
    monkeypatch.delattr(FrameMeasure, "read")  # nothing is left to read
    pd.testing.assert_frame_equal(curve(articles, lexicon, cache=tmp_path), first)


def test_a_run_goes_on_where_the_last_one_stopped(articles, lexicon, tmp_path):
    first = curve(articles, lexicon, cache=tmp_path)
    found = sorted(tmp_path.glob("*.json"))
    for path in found[::2]:
        path.unlink()
    found[1].write_text('{"difference": 0.', "utf-8")  # a machine that lost power
    pd.testing.assert_frame_equal(curve(articles, lexicon, cache=tmp_path), first)
    assert len(list(tmp_path.glob("*.json"))) == len(first)


def test_another_text_lexicon_or_seed_is_measured_anew(articles, lexicon, tmp_path):
    options = SMALL | {"lexicon": ["whole"], "copies": ["weighted"]}
    other = articles.assign(text=articles["text"].str.replace("Gas", "Peat"))
    for at, (texts, seed) in enumerate([(articles, 0), (other, 0), (articles, 1)], start=1):
        curve(
            texts, lexicon, cache=tmp_path, options=options, how=an.Inference(draws=50, relabelings=50, seed=seed)
        )
        assert len(list(tmp_path.glob("*.json"))) == at
    how = an.Inference(draws=50, relabelings=50)
    curve(articles.sample(frac=1, random_state=1), lexicon, cache=tmp_path, options=options, how=how)
    assert len(list(tmp_path.glob("*.json"))) == 3  # the order of articles is no other corpus


def kept_in(folder, origin="a"):
    return Cache(folder, origin)


FIGURE = dict.fromkeys(FIGURES, 0.1)


def test_results_are_kept_intact_or_not_at_all(tmp_path):
    way = {"unit": "sentence"}
    assert kept_in(tmp_path).load(way) is None
    kept_in(tmp_path).save(way, FIGURE)
    assert kept_in(tmp_path).load(way) == FIGURE
    assert kept_in(tmp_path, "b").load(way) is None
    (path,) = tmp_path.glob("*.json")
    path.rename(tmp_path / f"{digest([kept_in(tmp_path, 'b').origin, way])}.json")
    assert kept_in(tmp_path, "b").load(way) is None  # an entry under another's name is not its own
    kept_in(None).save(way, FIGURE)
    assert kept_in(None).load(way) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry | {"figures": entry["figures"] | {"difference": 0.77}},
        lambda entry: entry | {"figures": {"difference": 0.1}},
        lambda entry: entry | {"figures": entry["figures"] | {"difference": "x"}},
        lambda entry: entry | {"checksum": "0" * 64},
        lambda _: {"difference": 0.99},
        lambda _: [],
    ],
    ids=["altered", "figures missing", "not a number", "another checksum", "foreign", "a list"],
)
def test_a_doubtful_entry_is_measured_again(tmp_path, change):
    way = {"unit": "sentence"}
    kept_in(tmp_path).save(way, FIGURE)
    (path,) = tmp_path.glob("*.json")
    path.write_text(json.dumps(change(json.loads(path.read_text("utf-8"))), sort_keys=True), "utf-8")
    assert kept_in(tmp_path).load(way) is None


def test_a_cache_that_cannot_be_written_is_a_warning(articles, lexicon, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    with pytest.warns(UserWarning, match=r"^robustness: results cannot be kept in .*file") as caught:
        table = curve(articles, lexicon, cache=blocked)
    assert len([one for one in caught if "cannot be kept" in str(one.message)]) == 1
    pd.testing.assert_frame_equal(table, curve(articles, lexicon))


def test_the_cache_has_its_place(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "outlet-framing" / "robustness"


def test_without_a_home_nothing_is_kept(monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    with pytest.warns(UserWarning, match=r"^robustness: results cannot be kept: the home"):
        assert default_folder() is None


def no_home():
    raise RuntimeError("Could not determine home directory.")


def test_the_usual_numbers_of_topics():
    assert TopicMeasure(["gas"]).options("x")["k"] == [10, 15, 20, 30]


NOT_IN_FIGURES = {"analysis", "yaml", "tqdm", "joblib", "threadpoolctl", "ftfy", "openai", "xlsxwriter"}
NAMED = {"sklearn": "scikit-learn"}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]
        elif isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)


# What readers and formats give is part of the origin itself.
def test_another_version_of_any_package_behind_a_figure_is_measured_anew():
    files = [path for room in ROOMS for path in Path(an.__file__).parent.joinpath(room).rglob("*.py")]
    steps = [path for path in files if not {"readers", "formats"} & {*path.parts}]
    used = {NAMED.get(name, name) for path in steps for name in imported(path)}
    assert used - {*sys.stdlib_module_names} - NOT_IN_FIGURES | {"tomotopy"} == {*PACKAGES}
