"""What a report is put together from: the claim it tries, the flow of the corpus, methods, manifest, checklist."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.show.report.checklist import asked
from analysis.show.report.findings import clearest, find, leaning, scrutiny
from analysis.show.report.instrument import manifest
from analysis.show.report.pictures import drawings, slim
from analysis.show.report.prose import flow, undecided

TRADE = [
    "Russia and China signed a long contract to deliver gas through the eastern pipeline from autumn on.",
    "Officials in Moscow said that gas for China will cost Russia less once the Siberian field is opened.",
    "A port near Vladivostok is to handle the gas that Russia ships to China when the river is frozen.",
    "Banks of China lend to Russia for gas works in the far north, according to a ministry report.",
]
TRUST = [
    "Russia and China call each other partners in a statement that the two leaders read on Tuesday.",
    "Visitors from China were received as partners by the mayor of a small town in the south of Russia.",
    "The foreign minister of Russia praised China and spoke of partners who need no signature at all.",
    "Students in China learn that Russia and their country are partners since the days of the war.",
]


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory):
    path = tmp_path_factory.mktemp("lexicon") / "own.yaml"
    path.write_text("frames: {trade: [trade, gas], trust: [partner*]}")
    return an.read_lexicon(path)


@pytest.fixture(scope="module")
def found(lexicon):
    """TASS writes of trade alone and the BBC of trust alone, two stories each in January and in March."""
    dates = ["2017-01-02", "2017-01-09", "2017-03-20", "2017-03-27"]
    rows = [
        (f"{outlet}{at}", outlet, date, text)
        for outlet, texts in (("TASS", TRADE), ("BBC", TRUST))
        for at, (date, text) in enumerate(zip(dates, texts, strict=True))
    ]
    rows += [("TASS9", "TASS", None, TRADE[0]), ("BBC9", "BBC", "2017-02-01", "It rained in Dublin.")]
    articles = pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "text"]).assign(
        title="t", agency="", url=""
    )
    articles["date"] = pd.to_datetime(articles["date"])
    articles = articles.assign(date_given=articles["date"].astype("str").fillna("soon"), problem="")
    unread = articles.iloc[:2].assign(doc_id=["x", "y"], text="", outlet="", date=pd.NaT, problem="cut off")
    articles = pd.concat([articles, unread], ignore_index=True)
    return find(
        articles.sort_values("doc_id", ignore_index=True), lexicon, name="Planted", about=("Russia", "China")
    )


def test_the_clearest_difference_has_the_smallest_q_then_p_then_the_largest_size():
    table = pd.DataFrame(
        {
            "label": "economy", "outlet": list("abcde"), "other": "z", "difference": [0.9, 0.1, 0.2, -0.3, 0.0],
            "p": [0.04, 0.01, 0.01, 0.01, 0.001], "q": [0.04, 0.04, 0.04, 0.04, 0.001],
        }
    )  # fmt: skip
    assert clearest(table)["outlet"] == "d"  # e differs by nothing, a has a larger p
    assert clearest(table.assign(q=np.nan)) is None


def test_the_claim_is_measured_in_units_and_copies_and_usually_as_told(found):
    claim, curve = found.scrutiny.claim, found.scrutiny.curve
    assert (claim["outlet"], claim["other"], abs(claim["difference"])) == ("BBC", "TASS", 1.0)
    assert list(curve["unit"].unique()) == ["sentence", "window", "article"]
    assert list(curve["copies"].unique()) == ["weighted", "original", "every article"]  # TASS9 copies TASS0
    assert curve["difference"].iloc[0] == claim["difference"]
    assert curve["same_sign"].all()


def test_every_way_is_tried_where_asked(found, lexicon, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    tried = scrutiny(
        found.received, found.articles, lexicon, found.differences,
        evidence=(found.hits, found.passages), about=found.about, seed=0, whole=True, workers=1,
    )  # fmt: skip
    assert list(tried.curve["cleaned"].unique()) == [True, False]
    assert len(tried.sentences) == 2  # nothing is said to be untried


def test_a_difference_that_one_entry_makes_is_said_to_be_gone_without_it():
    influence = pd.DataFrame({"outlet": ["TASS", "TASS"], "frame": "trade", "entry": ["gas", "oil"],
                              "influence": [-0.5, -0.1]})  # fmt: skip
    claim = {"outlet": "TASS", "other": "BBC", "label": "trade", "difference": 0.4}
    assert leaning(influence, claim) == (
        "The difference rests on 2 entries of the lexicon; it is gone without one of them. It leans most on "
        "“gas”: +40 points with it, −10 without."
    )
    assert leaning(influence, claim | {"label": "trust"}) == ""


def test_the_flow_counts_what_came_stayed_and_was_set_aside(found):
    steps = flow(found).set_index("step")
    assert steps["number"].to_dict() == {
        "items in the files": "12", "articles read": "10", "articles cleaned": "10", "stories": "9",
        "articles about Russia and China": "9", "passages about the pair": "9", "passages with a frame": "9",
        "hits of the lexicon counted": "9",
    }  # fmt: skip
    assert steps.loc["items in the files", "of them"] == "2 could not be read"
    assert steps.loc["articles read", "of them"] == "1 without a date; 1 with a date that could not be read"
    assert steps.loc["stories", "of them"] == "1 marked as a copy of another"
    assert steps.loc["articles about Russia and China", "of them"] == "1 set aside: no passage on both"


def test_an_article_that_was_nothing_but_furniture_came_with_a_text(found):
    emptied = replace(found, articles=found.articles.assign(text=""))
    assert "without text" not in flow(emptied).set_index("step").loc["articles read", "of them"]
    bare = replace(found, received=found.received.assign(text=[" ", *found.received["text"][1:]]))
    assert flow(bare).set_index("step").loc["articles read", "of them"].startswith("1 without text; ")


def test_only_figures_with_something_to_show_are_drawn(found):
    names = [name for name, *_ in drawings(found, pd.DataFrame({"label": []}))]
    assert names == [
        "shares", "heatmap", "differences", "positions", "influence", "flow", "robustness", "timeline", "terms",
        "scatter", "topics",
    ]  # fmt: skip


def test_the_manifest_names_inputs_settings_and_versions(found, lexicon):
    table = manifest([found], lexicon, seed=7).set_index("what")["which"]
    assert table["Planted: sha256 of them as csv"] == found.digest
    assert table["seed"] == "7"
    assert "draws 2000" in table["compare_outlets"]
    assert "margin 0.1" in table["outlet_differences"]
    assert "unit: sentence, window, article" in table["Planted: robustness"]
    assert {"Python", "numpy", "scipy", "lexicon: sha256"} <= set(table.index)


def test_answers_that_differ_stand_under_the_names_of_their_corpora(found, lexicon):
    answers = asked([found, found.__class__(**{**vars(found), "name": "Other", "topics": None})], lexicon, None)
    by_question = answers.set_index("question")["answer"]
    chosen = by_question["How was the number of topics chosen, and do others tell the same?"]
    assert chosen.startswith("Planted: By rule, not by comparison: 2, one for 20 documents")
    assert chosen.endswith("\nOther: ______")
    assert by_question["Are reprints told apart from stories; what counts as one observation?"].startswith(
        "Marked;"
    )
    assert "The difference rests on one entry" in by_question["Does the result hang on single entries or lists?"]
    assert by_question["Was the comparison decided on before the data were seen?"] == "______"


def test_a_blank_of_the_checklist_is_filled_by_its_question():
    question = "Was the comparison decided on before the data were seen?"
    table = an.checklist(answers={question: "Yes: registered."}).set_index("question")["answer"]
    assert table[question] == "Yes: registered."
    assert (table == "______").sum() == len(table) - 1
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        an.checklist(answers={"Why?": "So."})
    assert str(raised.value) == (
        "answers: 'Why?' is not asked. Take the question as checklist()['question'] has it."
    )


def test_methods_of_several_results_say_what_they_share_once(found):
    validation = pd.DataFrame({"label": ["trade"], "n": [40], "precision": [0.9], "precision_low": [0.8],
                               "precision_high": [1.0], "recall": [0.7], "recall_low": [0.5],
                               "recall_high": [0.9]})  # fmt: skip
    text = an.methods_text(found.estimates, found.differences, found.scrutiny.curve, validation=validation)
    for once in (
        "We compared the shares of 9 texts",
        "Articles that reprint one story",
        "Seed 0;",
        "Rubin, D. B.",
    ):
        assert text.count(once) == 1
    assert "(trade: precision .90 [.80, 1.00], recall .70 [.50, .90]; on 40 passages [coded by whom])." in text
    assert "[say its precision and recall]" in an.methods_text(found.differences)


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["different"], ""),
        (
            ["cannot tell: only differences above .21 would show", "different"],
            "For 1 comparison there is too little data to say whether the outlets differ by more than 10 points "
            "or not: that is no finding of likeness.",
        ),
        (
            ["no difference larger than .1"] * 2,
            "In 2 comparisons a difference of 10 points or more can be ruled out.",
        ),
    ],
)
def test_what_is_not_found_is_not_called_absent(verdicts, said):
    assert undecided(pd.DataFrame({"q": 0.5, "verdict": verdicts}), 0.1) == said


def test_slimming_keeps_scales_and_separate_panels():
    svg = '<g transform="translate(1.23456 2) scale(0.015625)"/><g clip-path="url(#a)"><use x="1.239"/></g>\n'
    assert slim(svg + '<g id="b"/>') == (
        '<g transform="translate(1.23 2) scale(0.015625)"/><g clip-path="url(#a)"><use x="1.23"/></g><g id="b"/>'
    )
