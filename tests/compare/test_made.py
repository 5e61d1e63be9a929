"""How results say that they were made, and what is written from it."""

import json
import re

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.corpus.provenance import NAME, own_version, stamped


@pytest.fixture
def given():
    docs = [f"d{at:02}" for at in range(12)]
    outlets = ["DW"] * 6 + ["TASS"] * 6
    articles = pd.DataFrame({"doc_id": docs, "outlet": outlets, "story_id": docs})
    articles["date"] = pd.date_range("2016-01-01", periods=12, freq="7D")
    return pd.DataFrame({"economy": [at / 12 for at in range(12)]}, index=docs), articles


STEPS = {
    "compare_outlets": an.compare_outlets,
    "outlet_differences": an.outlet_differences,
    "outlet_changes": an.outlet_changes,
}


@pytest.mark.parametrize("step", STEPS)
def test_every_result_says_how_it_was_made(given, step):
    made = STEPS[step](*given, how=an.Inference(seed=3)).attrs["made"]
    assert (made["step"], made["settings"]["seed"]) == (step, 3)
    assert made["from"]["articles"]["rows"] == 12
    text = json.dumps(made)  # plain text and numbers
    assert not re.search(r"/|\\\\|20\d\d-", text)  # no path, no date


def test_another_input_has_another_hash_another_order_the_same(given):
    shares, articles = given
    first = an.compare_outlets(shares, articles).attrs["made"]["from"]
    assert an.compare_outlets(shares.iloc[::-1], articles.sample(frac=1)).attrs["made"]["from"] == first
    other = an.compare_outlets(shares * 0.5, articles).attrs["made"]["from"]
    assert other["articles"] == first["articles"]
    assert other["shares"]["sha256"] != first["shares"]["sha256"]


def test_it_survives_filtering_and_joining(given):
    table = an.compare_outlets(*given)
    assert table[table["outlet"] == "DW"].attrs["made"] == table.attrs["made"]
    assert pd.concat([table, table]).attrs["made"] == table.attrs["made"]


def test_a_result_that_lost_its_record_leaves_its_settings_open(given):
    table = an.compare_outlets(*given)
    table.attrs = {}
    assert "with [not recorded] beta intervals" in an.methods_text(table)
    assert "with 95 % beta intervals" in an.methods_text(table, an.Inference())


METHODS = [
    ("compare_outlets", {}, ["Tiwari et al., 2006", "95 % beta intervals"]),
    ("compare_outlets", {"pool": True, "simultaneous": True}, ["Christiansen & Morris, 1997", "Westfall & Young"]),
    ("outlet_differences", {}, ["outlets two by two", "Benjamini & Hochberg, 1995"]),
    ("outlet_differences", {"against": "rest", "margin": 0.05}, ["each outlet with all others", "smaller than 5"]),
    ("outlet_differences", {"split": "week"}, ["Kitagawa, 1955", "event: week"]),
    ("compare_outlets", {"period": "month"}, ["the period (M)"]),
    ("outlet_changes", {}, ["Andrews, 1993"]),
]


@pytest.mark.parametrize(("step", "settings", "said"), METHODS)
def test_the_paragraph_says_what_was_done_and_cites_it(given, step, settings, said):
    text = an.methods_text(STEPS[step](*given, **settings))
    paragraph, references = text.split("\n\n")
    assert all(words in paragraph for words in said)
    for author in re.findall(r"\(([A-ZÑ][\w-]+)", paragraph) + re.findall(r"; ([A-ZÑ]\w+) (?:&|et)", paragraph):
        assert re.search(rf"^{author}", references, re.MULTILINE) or author == "Articles"


def test_without_stories_the_paragraph_says_so(given):
    text = an.methods_text(an.compare_outlets(given[0], given[1].drop(columns="story_id")))
    assert "Reprints were not separated from stories: each article was one observation." in text


def test_the_lexicon_is_found_behind_the_shares(given):
    shares, articles = given
    hits = stamped(pd.DataFrame(), "find_frames", {"lexicon": an.read_lexicon("russia-china")}, {})
    shares = stamped(shares, "frame_shares", {"hits": hits}, {})
    estimates = an.compare_outlets(shares, articles)
    assert "by the lexicon russia-china (sha256 " in an.methods_text(estimates)
    answers = an.checklist(an.read_lexicon("russia-china")).set_index("question")["answer"]
    assert answers["Which lexicon or model was used, in which version?"].startswith("russia-china, ")


def test_the_checklist_is_filled_in_where_the_results_know(given):
    differences = an.outlet_differences(*given, margin=0.05)
    table = an.checklist(an.compare_outlets(*given), differences, given[1].assign(text="x"), an.Inference())
    answers = table.set_index("question")["answer"]
    assert list(table.columns) == ["about", "question", "source", "answer"]
    assert answers["Are reprints separated from stories, and what is one observation?"].startswith(
        "Yes: a story with its reprints is one observation"
    )
    assert answers["How many comparisons were made, and were the tests corrected for it?"] == (
        "1 comparison tested; the false discovery rate is controlled over all of them. Different (q < .05 and an "
        "interval that excludes 0): 1."
    )
    assert answers["Was the comparison decided before the data were seen?"] == "______"
    assert set(table["source"]) == {
        "Maier et al. 2018", "Grimmer, Roberts & Stewart 2022", "Chan et al. 2021", "Baden et al. 2022",
    }  # fmt: skip


def test_each_of_several_results_of_a_kind_counts(given):
    """Two comparisons and one are three, in the checklist and in the paragraph."""
    shares, articles = given
    two = pd.concat({"a": shares.iloc[:, 0], "b": 1 - shares.iloc[:, 0]}, axis=1)
    tables = an.outlet_differences(two, articles), an.outlet_differences(shares.iloc[:, :1], articles)
    answers = an.checklist(*tables).set_index("question")["answer"]
    assert answers["How many comparisons were made, and were the tests corrected for it?"].startswith(
        "3 comparisons tested; the false discovery rate is controlled within each of 2 tables."
    )
    assert "two by two (3 comparisons)" in an.methods_text(*tables)


def test_only_shares_that_exist_are_counted(given):
    estimates = an.compare_outlets(*given)
    beside = pd.concat([estimates, estimates.assign(outlet=["CNN", "DW2"], share=np.nan, low=np.nan)])
    assert "each outlet (2 shares, 2 outlets; CNN and DW2 have no passage)." in an.methods_text(beside)
    assert "each outlet (2 shares, 2 outlets)." in an.methods_text(estimates)
    answers = an.checklist(beside).set_index("question")["answer"]
    assert answers["Does each number come with its uncertainty?"] == "2 shares, 2 with intervals."
    many = [estimates, *(estimates[:1].assign(outlet=f"N{at}", share=np.nan) for at in range(6))]
    assert "(2 shares, 2 outlets)." in an.methods_text(pd.concat(many))


def test_only_what_was_compared_is_said_to_be_taken_within_what_both_cover(given):
    pairs = pd.concat([an.outlet_differences(*given)] * 3)
    of = pairs.assign(control=["month, Section", "year, Section", "quarter"], standardised=[0.1, 0.2, np.nan])
    said = "Differences were also taken within each month and Section or each year and Section that both outlets"
    assert said in an.methods_text(of)
    assert "quarter" not in an.methods_text(of)
    assert "also taken" not in an.methods_text(of.assign(standardised=np.nan))


def test_a_package_used_from_its_folder_knows_its_version(tmp_path, given):
    project = tmp_path / "pyproject.toml"
    project.write_text(f'[project]\nname = "{NAME}"\nversion = "7.8.9"\n', "utf-8")
    assert own_version(project) == "7.8.9"
    assert an.compare_outlets(*given).attrs["made"]["versions"][NAME] == own_version()


@pytest.mark.parametrize("text", ['[project]\nname = "other"\nversion = "7.8.9"\n', "[tool]\n"])
def test_another_projects_version_is_not_taken_for_ours(tmp_path, text):
    project = tmp_path / "pyproject.toml"
    project.write_text(text, "utf-8")
    assert own_version(project) == own_version(tmp_path / "nowhere") != "7.8.9"


def test_the_checklist_states_what_a_choice_did_and_not_only_that_it_was_made():
    curve = pd.DataFrame({"unit": ["sentence", "article"], "k": 5, "difference": [0.4, 0.1], "low": 0.1})
    answers = an.checklist(curve.assign(same_sign=True, clear=True, counted=True)).set_index("question")["answer"]
    assert answers["Is the unit of text that was read the one that the question is about?"] == (
        "Varied; the mean difference in points by unit: +40 (sentence), +10 (article)."
    )
    assert answers["How was the number of topics chosen, and do other numbers give the same result?"] == "______"


def test_the_checklist_leaves_open_who_coded():
    measured = pd.DataFrame({"label": ["economy"], "precision": [0.9], "recall": [0.8]})
    answers = an.checklist(validation=measured).set_index("question")["answer"]
    assert answers["How well does it agree with people on texts from which it was not made?"] == (
        "On coded passages, economy: precision .90, recall .80. Coded by: ______"
    )


def test_a_result_of_another_kind_is_refused():
    with pytest.raises(ValueError, match=r"^results: number 2 is not a result this text can describe. Found: x\."):
        an.checklist(an.read_lexicon("russia-china"), an.load_example("seeds"), pd.DataFrame({"x": [1]}))


@pytest.mark.parametrize(("strict", "said"), [
    (0.5, "to say nothing of their relationship."), (0, "were kept whatever they say of them."),
    (None, "without being about the two: [not recorded]."),  # lost on the way
])  # fmt: skip
def test_methods_say_how_passages_were_judged_as_far_as_it_is_recorded(strict, said):
    seeds, lexicon = an.mark_copies(an.clean(an.load_example("seeds"))), an.read_lexicon("russia-china")
    passages = an.passages(seeds, strict=strict or 0)
    passages.attrs = {} if strict is None else passages.attrs
    shares = an.frame_shares(an.find_frames(passages, lexicon), passages)
    text = an.methods_text(an.compare_outlets(shares, seeds), lexicon)
    assert said in text
    assert ("a logistic model" in text) == bool(strict)
