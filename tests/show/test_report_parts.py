"""What a report is put together from: the claim it tries, the flow of the corpus, methods, manifest, checklist."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pages import HOSTILE, found_in

import analysis as an
from analysis.compare.inference import Inference
from analysis.compare.robustness import measures
from analysis.corpus.stories import UNKNOWN
from analysis.show.report import prose
from analysis.show.report.answer import answer
from analysis.show.report.chapter import chapter, copies, flow
from analysis.show.report.findings import by_unit
from analysis.show.report.instrument import Instrument, instrument, manifest
from analysis.show.report.page import asked, last_lines, write_report
from analysis.show.report.pictures import drawings
from analysis.show.report.prose import basis, checks, leaning
from analysis.show.report.scrutiny import Settings, compared, scrutiny, ways_to_read
from analysis.study.study import temporary
from tests.data import refused

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
    path.write_text("about: [Russia, China]\nframes: {trade: [trade, gas], trust: [partner*]}")
    return an.read_lexicon(path)


@pytest.fixture(scope="module")
def articles():
    """TASS writes of trade alone and the BBC of trust alone, two stories each in January and in March."""
    dates = ["2017-01-02", "2017-01-09", "2017-03-20", "2017-03-27"]
    rows = [
        (f"{outlet}{at}", outlet, date, text)
        for outlet, texts in (("TASS", TRADE), ("BBC", TRUST))
        for at, (date, text) in enumerate(zip(dates, texts, strict=True))
    ]
    rows += [("TASS9", "TASS", None, TRADE[0]), ("BBC9", "BBC", "2017-02-01", "It rained in Dublin.")]
    table = pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "text"]).assign(title="t", agency="", url="")
    table["date"] = pd.to_datetime(table["date"])
    table = table.assign(date_given=table["date"].astype("str").fillna("soon"), problem="")
    unread = table.iloc[:2].assign(doc_id=["x", "y"], text="", outlet="", date=pd.NaT, problem="cut off")
    return pd.concat([table, unread], ignore_index=True)


@pytest.fixture(scope="module")
def found(articles, lexicon):
    return found_in(articles, lexicon, name="Planted")


def test_the_claim_is_measured_in_units_and_copies_and_usually_as_told(found):
    claim, curve = found.scrutiny.claim, found.scrutiny.curve
    assert (claim["outlet"], claim["other"], abs(claim["difference"])) == ("BBC", "TASS", 1.0)
    assert list(curve["unit"].unique()) == ["sentence", "window", "article"]
    assert list(curve["copies"].unique()) == ["weighted", "original", "every article"]  # TASS9 copies TASS0
    assert curve["difference"].iloc[0] == claim["difference"]
    assert curve["same_sign"].all()


def test_copies_are_only_denied_of_articles_with_a_passage(found):
    curve = found.scrutiny.curve
    alone = replace(found.scrutiny.robustness, table=curve[curve["copies"] == "weighted"])
    without = replace(found, scrutiny=replace(found.scrutiny, robustness=alone))
    said = "Among the articles of these two outlets with a passage{}, none repeats another."
    assert checks(without)["Copies"] == said.format(" about Russia and China")
    assert prose.no_copies("") == said.format("")


def test_every_way_is_tried_where_asked(found, articles, lexicon, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(measures, "variants", lambda *_: [])  # each multiplies all other ways
    evidence = (found.hits, found.passages)
    every = articles[articles["problem"] == ""]
    tried = scrutiny(some_removed(found), lexicon, found, evidence, how=Inference(), every=every)
    assert list(tried.curve["cleaned"].unique()) == [True, False]
    assert tried.every_choice


def test_copies_in_the_curve_are_those_that_were_found_among_all_articles(found, lexicon):
    apart = found.articles.assign(story_id=found.articles["doc_id"], copy_of=None)  # as if TASS9 copied no other
    tried = scrutiny(apart, lexicon, found, (found.hits, found.passages), how=Inference(), every=None)
    printed = apart[apart["doc_id"].isin(found.passages["doc_id"])].groupby("outlet").size()
    first = tried.curve.iloc[0]
    assert (first["n_stories"], first["n_others"]) == (printed["BBC"], printed["TASS"])
    assert tried.curve["copies"].unique().tolist() == ["weighted"]


def some_removed(found):
    """As if cleaning had removed a line from the first article."""
    span = [{"rule": "footer", "start": 0, "end": 1, "text": "x"}]
    return found.articles.assign(removed=[span, *found.articles["removed"].tolist()[1:]])


def test_choices_that_change_nothing_are_left_out(found, articles, lexicon):
    def options(marked, claim=found.scrutiny.claim):
        return ways_to_read(marked, found.passages, claim, lexicon, articles)[1]

    apart = some_removed(found).assign(story_id=found.articles["doc_id"])
    assert options(found.articles) == {"cleaned": [True]}
    assert options(apart.assign(removed=found.articles["removed"])) == {"cleaned": [True], "copies": ["weighted"]}
    assert options(apart) == {}
    elsewhere = found.scrutiny.claim | {"outlet": "CNN", "other": "RT"}
    assert options(apart, elsewhere) == {"cleaned": [True], "copies": ["weighted"]}


def test_the_difference_is_measured_again_in_the_period_that_both_cover(found, articles, lexicon):
    """TASS and the BBC write on the same days here; later, they share some, and then none."""
    lost = " 1 of 5 articles of TASS with a passage has no known date."
    line = checks(found)["Period"]
    assert line.startswith("Yes: −100 points [−100, ")
    assert " from 2017-01-02 to 2017-03-27, where the two overlap; " in line
    assert line.endswith(f" within each month that both cover.{lost}")
    bbc = articles["outlet"] == "BBC"
    later = articles.assign(date=articles["date"].mask(bbc, articles["date"] + pd.Timedelta(days=60)))
    moved = found_in(later, lexicon)
    assert checks(moved)["Period"] == (
        "No: −100 points [−100, 19], not clear, from 2017-03-03 to 2017-03-27, where the two overlap; "
        f"−100 points [−100, 100], not clear, within each month that both cover.{lost}"
    )
    apart = articles.assign(date=articles["date"].mask(bbc, articles["date"] + pd.Timedelta(days=900)))
    assert checks(found_in(apart, lexicon))["Period"] == (
        f"Cannot be separated: the two outlets cover no common period as far as dates are known.{lost}"
    )


def test_undated_articles_are_counted_not_taken_for_articles_of_one_day(found):
    rows, without = found.articles, found.scrutiny.claim | {"window": ""}
    bbc = rows.index[(rows["outlet"] == "BBC") & rows["doc_id"].isin(found.passages["doc_id"])]
    lost = replace(found, articles=rows.assign(date=rows["date"].mask(rows["outlet"] == "BBC")))
    assert prose._period(lost, without) == "Not checked: no article of BBC with a passage has a known date."
    one = replace(found, articles=rows.assign(date=rows["date"].mask(rows.index.isin(bbc[1:]))))
    many = "3 of 4 articles of BBC with a passage have no known date"
    assert many in checks(one)["Period"]
    assert checks(one)["Events"] == f"Not checked: {many}, so how alike stories of a day are is not known."
    dated = replace(found, articles=rows.assign(date=rows["date"].fillna(pd.Timestamp("2017-01-02"))))
    assert prose._period(dated, without) == "Cannot be separated: the two outlets cover no common period."


def test_another_column_can_be_compared(articles, lexicon):
    sides = articles.assign(side=["east" if at % 2 else "west" for at in range(len(articles))])
    by_side = found_in(sides, lexicon, how=Inference(by="side"))
    assert set(by_side.estimates["outlet"]) == {"east", "west"}
    assert prose.basis(by_side).endswith(" What is called an outlet here is a value of the column “side”.")
    assert set(by_side.articles["printed_by"]) == {"TASS", "BBC"}
    with pytest.raises(ValueError, match=r"^articles: column 'sid' is missing. Found: .* Did you mean 'side'?"):
        found_in(sides, lexicon, how=Inference(by="sid"))


def test_one_outlet_is_answered_for_alone(articles, lexicon):
    alone = found_in(articles[articles["outlet"] == "TASS"], lexicon)
    (sentence,) = answer(alone)
    assert sentence.startswith("TASS is the only outlet. Share of its passages with each frame: trade 100")
    assert prose.shares_title(alone) == "Share of passages with each frame: TASS"
    assert checks(alone) == {}
    silent = alone.estimates.assign(outlet="DW", share=np.nan)
    beside = replace(alone, estimates=pd.concat([alone.estimates, silent]))
    assert answer(beside)[0].startswith("TASS is the only outlet with a passage. Share of its passages")
    assert alone.notes["terms"] == (
        "No terms: they set an outlet apart from others, and there is only one outlet here.",
    )


def test_one_article_is_called_one(articles, lexicon):
    (sentence, *_) = found_in(articles.iloc[:1], lexicon).notes["topics"]
    assert sentence.startswith("1 article is too few for a model, so each passage is taken as a document. These")


def test_the_entry_on_which_a_difference_depends_most_is_named():
    influence = pd.DataFrame({"outlet": ["TASS", "TASS"], "label": "trade", "entry": ["gas", "oil"],
                              "influence": [-0.5, -0.1]})  # fmt: skip
    claim = {"outlet": "TASS", "other": "BBC", "label": "trade", "difference": 0.4}
    assert leaning(influence, claim) == (
        "It depends most on the entry “gas”: 40 points with it, −10 points without (2 entries matched)."
    )
    assert leaning(influence, claim | {"label": "trust"}) == ""


def test_the_flow_counts_what_came_stayed_and_was_set_aside(found):
    steps = flow(found).set_index("step")
    assert steps["number"].to_dict() == {
        "items in the files": "12", "articles read": "10", "articles cleaned": "10", "stories": "9",
        "articles with a passage about Russia and China": "9", "passages about Russia and China": "9",
        "passages with a frame": "9", "lexicon hits counted": "9",
    }  # fmt: skip
    assert steps.loc["items in the files", "of them"] == "2 could not be read: cut off"
    assert steps.loc["articles read", "of them"] == "1 without a date; 1 with a date that could not be read"
    assert steps.loc["stories", "of them"] == "1 marked as copies"
    assert steps.loc["articles with a passage about Russia and China", "of them"] == "1 set aside"
    judged = flow(replace(found, aside=1)).set_index("step").loc["passages about Russia and China", "of them"]
    assert judged == "1 more naming both, but judged not to be about the two, and set aside"


def test_the_flow_counts_articles_in_another_language(found):
    foreign = found.received.iloc[:2].assign(doc_id=["z1", "z2"])
    rows = flow(replace(found, received=pd.concat([found.received, foreign], ignore_index=True)))
    assert "2 in another language, set aside" in rows.loc[rows["step"] == "articles read", "of them"].item()


def test_an_article_that_was_nothing_but_boilerplate_came_with_a_text(found):
    emptied = replace(found, articles=found.articles.assign(text=""))
    assert "without text" not in flow(emptied).set_index("step").loc["articles read", "of them"]
    bare = replace(found, received=found.received.assign(empty=[True, *found.received["empty"][1:]]))
    assert flow(bare).set_index("step").loc["articles read", "of them"].startswith("1 without text; ")
    guessed = replace(found, received=found.received.assign(read_as="Body → text"))
    said = flow(guessed).set_index("step").loc["articles read", "of them"]
    assert said.endswith(f"{len(found.received)} with columns read as Body → text")


def test_only_figures_with_something_to_show_are_drawn(found):
    names = [name for name, *_ in drawings(found, ["TASS", "BBC"])]
    assert names == [
        "shares", "differences", "influence", "positions", "robustness", "timeline", "coverage",
    ]  # fmt: skip


def test_the_manifest_names_inputs_settings_and_versions(found, lexicon):
    used = instrument(lexicon)
    table = manifest([found], [used], Inference(seed=7)).set_index("what")["which"]
    assert table["Planted: sha256 of them as read"] == found.digest
    assert table[["seed", "draws", "level", "reprints"]].tolist() == ["7", "2000", "0.95", "weighted"]
    said = an.checklist(*found.results)["answer"].str.cat()
    assert f"sha256 of their texts {table['Planted: sha256 of their texts after cleaning']}." in said
    assert table["Planted: options of robustness"] == "unit: 3; copies: 3; period: 2"
    assert {"Python", "numpy", "scipy", "lexicon: sha256"} <= set(table.index)


def test_a_study_beside_the_first_has_its_own_question_lexicon_and_frames(tmp_path):
    texts = ["Russia and China signed a trade deal.", "The US imposed new sanctions on Russia over Ukraine."]
    articles = pd.DataFrame({"doc_id": [*"abcd"], "outlet": [*"AABB"], "text": texts * 2})
    articles["date"] = pd.Timestamp("2017-02-01")
    second = instrument(replace(an.read_lexicon("us-russia"), source="made up"), coded=coded_by_hand())
    settings = Settings(Inference(draws=20, relabelings=20))
    with temporary() as run:
        instruments = {"One": instrument("russia-china"), "Two": second}
        chapters = {name: (run(articles, used.lexicon), used) for name, used in instruments.items()}
        (first, other), _ = write_report(chapters, tmp_path / "r.html", settings, title=HOSTILE)
    assert (first.pair, other.pair) == ("Russia and China", "the United States and Russia")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert HOSTILE not in page
    one, two = page.partition('<section id="c1">')[2].split('<section id="c2">')
    assert ("Instrument: lexicon russia-china" in one, "Instrument: lexicon us-russia" in two) == (True, True)
    assert ("<h4>economy</h4>" in one, "<h4>confrontation</h4>" in one) == (True, False)
    assert ("<h4>economy</h4>" in two.partition("</section>")[0], "<h4>confrontation</h4>" in two) == (False, True)
    assert "the relationship between the United States and Russia, and how sure" in two


def coded_by_hand():
    return pd.DataFrame(
        {"text": ["The US punished Russia.", "Trump praised Putin.", "Russia hacked the US election."],
         "confrontation": [1, 0, 0], "rapprochement": [0, 1, 0], "interference": [0, 0, 1]}
    )  # fmt: skip


def test_a_certificate_that_is_named_and_lies_beside_the_articles_counts_once():
    first, *others = an.read_certificates("russia-china")
    twice = instrument("russia-china", coded=first, beside=[first]).certificates
    assert [one.as_json() for one in twice] == [one.as_json() for one in (first, *others)]


def test_answers_that_differ_come_under_the_names_of_their_corpora(found, lexicon):
    other = replace(found, name="Other", topics=None)
    used = instrument(lexicon)
    by_question = asked([found, other], {"Planted": used, "Other": used}).set_index("question")["answer"]
    chosen = by_question["How was the number of topics chosen, and do other numbers give the same result?"]
    assert chosen == (
        "Planted: 2 topics, by a rule: one topic for every 20 passages, but at least 2 and at most 10. Other "
        "numbers were not tried: ______\nOther: ______"
    )
    assert by_question["Are reprints separated from stories, and what is one observation?"] == (
        "Yes: a story with its reprints is one observation (10 articles, 9 stories; reprints weighted)."
    )
    assert "depends most on one entry" in by_question["Does the result depend on single entries or lists?"]
    assert by_question["Was the comparison decided before the data were seen?"] == "______"
    selected = by_question["From what larger body were they taken, how, and what is missing?"]
    assert selected == "Could not be read: 2; without a date: 1. How they were selected: ______"


def test_articles_without_an_outlet_are_no_outlet(found):
    named = found.articles["outlet"].nunique()
    assert f" of {named} outlets, " in basis(found)
    first = found.articles["doc_id"].eq(found.passages["doc_id"].iloc[0])
    one = replace(found, articles=found.articles.assign(outlet=found.articles["outlet"].mask(first, UNKNOWN)))
    assert " (1 article without one), " in basis(one)
    none = replace(found, articles=found.articles.assign(outlet=UNKNOWN))
    assert " stories) without any outlet, " in basis(none)


def test_articles_without_an_outlet_are_counted_apart_and_not_compared(articles, lexicon):
    bbc = articles["outlet"] == "BBC"
    third = articles[bbc].assign(outlet="DW", doc_id="d" + articles["doc_id"][bbc])
    part = found_in(pd.concat([articles.assign(outlet=articles["outlet"].mask(bbc, "")), third]), lexicon)
    assert {*part.differences["outlet"], *part.differences["other"]} == {"DW", "TASS"}
    (note,) = part.notes["differences"]
    assert note == "Articles whose outlet is not known have a share, but are not compared with outlets."
    assert "(6 shares, 2 outlets, and 4 articles whose outlet is not known)" in an.methods_text(*part.results)
    assert (
        last_lines([part], {part.name: Instrument(lexicon, "")})[1] == "Passages: TASS 5, DW 4; outlet not known 4"
    )
    assert chapter(part, instrument(lexicon), "md")["shown"] == ["TASS", "DW", UNKNOWN]
    nobody = found_in(articles.assign(outlet=""), lexicon)
    assert answer(nobody)[0].startswith("No outlet is known. Share of passages with each frame: trade ")


@pytest.mark.parametrize(
    ("dates", "order"),
    [(["2017-02-01 09:00", "2017-02-01"], "same day: order not known"), (["2017-02-01", "2017-02-02"], "later"),
     (["2017-02-01", None], "no date: order not known")],
)  # fmt: skip
def test_who_copied_whom_is_said_only_where_the_days_differ(dates, order):
    two = pd.DataFrame({"doc_id": ["a", "b"], "outlet": ["AP", "BBC"], "title": "t", "overlap": [np.nan, 0.9]})
    table = copies(two.assign(date=[pd.Timestamp(day) for day in dates], copy_of=[None, "a"]))
    assert table[["article", "repeats", "order"]].to_numpy().tolist() == [["b", "a", order]]


def test_a_blank_of_the_checklist_is_filled_by_its_question():
    question = "Was the comparison decided before the data were seen?"
    table = an.checklist(answers={question: "Yes: registered."}).set_index("question")["answer"]
    assert table[question] == "Yes: registered."
    assert (table == "______").sum() == len(table) - 1
    none = pd.DataFrame(columns=["outlet", "other", "label", "difference", "q", "p", "verdict"])
    said = an.checklist(none).set_index("question")["answer"]  # of one outlet: no difference has a verdict
    assert said["Is “no difference” kept apart from “too little data”?"] == "______"
    with refused("answers: 'Why?' is not one of the questions. Copy it from checklist()['question']."):
        an.checklist(answers={"Why?": "So."})


def test_an_outlet_of_one_story_does_not_stand_for_what_a_single_entry_does():
    influence = pd.DataFrame({"outlet": ["A", "B"], "label": "trade", "entry": ["gas", "oil"], "n_hits": [1, 3],
                              "share": [1.0, 0.4], "without": [0.0, 0.2], "influence": [-1.0, -0.2]})  # fmt: skip
    estimates = pd.DataFrame({"outlet": ["A", "B"], "label": "trade", "share": [1.0, 0.4], "low": [None, 0.2],
                              "high": [None, 0.6], "n_stories": [1, 9], "note": ""})  # fmt: skip
    question = "Does the result depend on single entries or lists?"
    said = an.checklist(influence, estimates).set_index("question")["answer"][question]
    assert said == (
        "The share that depends most on one entry: trade in B, which changes by −20 points without “oil”."
    )
    assert "trade in A" in an.checklist(influence).set_index("question")["answer"][question]


def test_methods_of_several_results_say_what_they_share_once(found):
    validation = pd.DataFrame({"label": ["trade"], "n": [40], "precision": [0.9], "precision_low": [0.8],
                               "precision_high": [1.0], "recall": [0.7], "recall_low": [0.5],
                               "recall_high": [0.9]})  # fmt: skip
    text = an.methods_text(*found.results, validation=validation)
    for once in (
        "We estimated the share of each frame in each outlet",
        " articles, 9 stories).",
        "Seed 0;",
        "Rubin, D. B.",
    ):
        assert text.count(once) == 1
    figures = "trade: precision .90 [.80, 1.00], recall .70 [.50, .90]."
    assert f"). Measured on 40 passages [coded by whom]: {figures}" in text
    assert "[say its precision and recall]" in an.methods_text(found.differences, found.lexicon)


def test_stories_of_one_day_alone_are_not_said_to_be_independent(lexicon):
    articles = pd.DataFrame({"outlet": ["AP"] * 4 + ["DW"] * 4, "text": [*TRADE, *TRUST], "title": "",
                             "date": pd.Timestamp("2017-03-03"), "doc_id": list("abcdefgh")})  # fmt: skip
    found = found_in(articles, lexicon)
    assert checks(found)["Events"] == (
        "Not checked: AP and DW wrote on one day alone, so how alike stories of a day are is not known."
    )
    assert " on 2017-03-03, where the two overlap; " in checks(found)["Period"]
    later = articles.assign(date=pd.date_range("2017-03-03", periods=8))
    assert "Events" not in checks(found_in(later, lexicon))


def test_where_another_column_is_compared_its_outlets_can_be_held_equal():
    articles = pd.DataFrame({"doc_id": list("abcdefgh"), "desk": ["home", "abroad"] * 4, "date": pd.NaT,
                             "outlet": ["AP"] * 4 + ["DW"] * 4, "story_id": list("abcdefgh")})  # fmt: skip
    shares = pd.DataFrame({"trade": [0.8, 0.2, 0.9, 0.1, 0.7, 0.3, 0.6, 0.2]}, index=list("abcdefgh"))
    found = compared(shares, by_unit(articles, "desk"), how=Inference(by="desk"), control=("outlet",)).differences
    assert found["control"].tolist() == ["outlet"]
    assert found["overlap"].tolist() == [1.0]  # both desks have stories in both outlets
    with refused("control: 'desk' is what is compared, so it cannot be held equal. Name another column."):
        Settings(Inference(by="desk"), control=("desk",))
