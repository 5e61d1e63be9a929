"""Sentences, quotes and rounded tables, from numbers that can be checked by eye."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.show.report import prose
from analysis.show.report.chapter import pieces, quotes
from analysis.show.report.findings import every_outlet
from analysis.show.report.prose import differences_table, shares_table

ABOUT = ("Russia", "China")


def plain(text):
    return text.replace("\xa0", " ")


def outlets():
    return pd.DataFrame({"outlet": ["CNN", "RTÉ", "TASS", "Void"], "n_articles": [20, 3, 40, 436]})


def test_a_sentence_an_outlet(estimates):
    said = {name: plain(text) for name, text in prose.outlet_sentences(estimates, outlets(), ABOUT).items()}
    assert said == {
        "CNN": "alliance in 20 % [10, 30], economy in 40 % [30, 55] of passages about the pair, 8 stories.",
        "RTÉ": "alliance in 50 %, economy in 0 % of the passages of its only story; "
        "one story is no sample, so there is no interval.",
        "TASS": "alliance in 60 % [50, 70], economy in 25 % [20, 31] of passages about the pair, 20 stories.",
        "Void": "no passage about Russia and China in its 436 articles.",
    }


def test_extremes_leave_out_who_has_no_interval(estimates):
    assert [plain(s) for s in prose.extremes(estimates)] == [
        "Alliance is highest in TASS (60 % [50, 70]), lowest in CNN (20 % [10, 30]), as measured.",
        "Economy is highest in CNN (40 % [30, 55]), lowest in TASS (25 % [20, 31]), as measured.",
    ]


def test_outlets_that_share_a_place_are_named_together(estimates):
    level = estimates.assign(share=[0.2, 0.2, 0.6, 0.1] * 2, low=0.1, high=0.7)
    assert plain(prose.extremes(level)[0]) == (
        "Alliance is highest in TASS (60 % [10, 70]), lowest in Void (10 % [10, 70]), as measured."
    )
    level.loc[level["outlet"] == "Void", "share"] = 0.2
    assert plain(prose.extremes(level)[0]).endswith("lowest in 3 outlets (20 %), as measured.")


def differences(q):
    table = pd.DataFrame({"label": ["alliance", "economy"], "outlet": "CNN", "other": "TASS"})
    return table.assign(difference=[-0.4, 0.15], low=[-0.5, 0.0], high=[-0.3, 0.3], p=q, q=q)


def test_clear_differences_are_counted_and_the_largest_named(estimates):
    table = differences([0.001, 0.2])
    assert prose.tested(table) == (
        "Of 2 comparisons between two outlets, 1 cannot be put down to chance (q < .05, false discoveries "
        "controlled). The largest: alliance, CNN − TASS, −40 [−50, −30] points."
    )
    assert plain(prose.shares_title(estimates, table)) == (
        "The clearest difference is in alliance: TASS 60 %, CNN 20 %"
    )
    assert prose.differences_title(table) == "1 of 2 differences between two outlets cannot be put down to chance"


def test_nothing_clear_is_said_plainly(estimates):
    table = differences([0.3, 0.2])
    assert prose.tested(table) == (
        "Of 2 comparisons between two outlets, none can be told from chance "
        "(q < .05, false discoveries controlled)."
    )
    assert prose.shares_title(estimates, table) == "No two outlets can be told apart by how often they use a frame"
    assert prose.tested(differences([float("nan")] * 2)) == (
        "No two outlets have two stories each about the pair, so no difference can be tested."
    )


def test_every_outlet_gets_a_row(estimates):
    part = estimates[estimates["outlet"] == "CNN"]
    whole = every_outlet(part, ["CNN", "Void"], ["alliance", "economy"])
    assert whole[["outlet", "label", "n_stories", "note"]].to_numpy().tolist() == [
        ["CNN", "alliance", 8, ""],
        ["CNN", "economy", 8, ""],
        ["Void", "alliance", 0, "no passage about the pair"],
        ["Void", "economy", 0, "no passage about the pair"],
    ]


def test_tables_are_rounded_for_display(estimates):
    shown = shares_table(estimates)
    assert shown.columns.tolist() == ["outlet", "stories", "articles", "alliance", "economy", "note"]
    assert [plain(cell) for cell in shown["alliance"]] == ["20 % [10, 30]", "50 %", "60 % [50, 70]", "–"]
    assert differences_table(differences([0.0001, 0.2])).to_numpy().tolist() == [
        ["alliance", "CNN − TASS", "−40 [−50, −30]", "< .001", "< .001"],
        ["economy", "CNN − TASS", "+15 [0, +30]", ".200", ".200"],
    ]


SPANS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 8), st.sampled_from("ab"), st.booleans()), max_size=6
)


@settings(deadline=None)  # pandas on a busy machine
@given(text=st.text(min_size=28, max_size=40), spans=SPANS)
def test_pieces_join_to_the_text_and_cover_every_hit(text, spans):
    hits = pd.DataFrame(
        [(start, start + length, frame, negated) for start, length, frame, negated in spans],
        columns=["start", "end", "frame", "negated"],
    )
    cut = pieces(text, hits)
    assert "".join(piece.text for piece in cut) == text
    covered = {at for start, length, _, _ in spans for at in range(start, start + length)}
    assert sum(len(piece.text) for piece in cut if piece.frames or piece.denied) == len(covered)


def test_quotes_take_turns_among_outlets_and_skip_copies():
    articles = pd.DataFrame(
        {"doc_id": list("abcd"), "outlet": ["X", "X", "Y", "Y"], "story_id": ["s", "t", "s", "u"]}
    ).assign(text="oil and gas", date=pd.NaT)
    passages = pd.DataFrame({"passage_id": list("abcd"), "doc_id": list("abcd"), "start": 0, "end": 11})
    hits = pd.DataFrame(
        {"passage_id": ["a", "a", "b", "c", "d"], "start": [0, 8, 0, 0, 0], "end": [3, 11, 3, 3, 3]}
    ).assign(
        doc_id=lambda t: t["passage_id"],
        frame="economy",
        entry=["oil", "gas", "oil", "oil", "oil"],
        negated=False,
    )
    found = quotes(articles, passages, hits, "economy", n=3)
    assert [quote.passage_id for quote in found] == ["a", "d", "b"]
    assert [piece.text for piece in found[0].pieces if piece.frames] == ["oil", "gas"]
    assert found[0].date == "no date"
