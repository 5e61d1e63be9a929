"""Sentences, quotes and rounded tables, from numbers that can be checked by eye."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compare.robustness.curve import Robustness
from analysis.compare.robustness.measures import Claim
from analysis.frames.coding.certificate import Certificate
from analysis.frames.lexicon import Entry, Lexicon
from analysis.show.characters import Mark, segments
from analysis.show.report import prose
from analysis.show.report.chapter import dots, others, quotes
from analysis.show.report.findings import every_outlet
from analysis.show.report.instrument import Instrument, certificate
from analysis.show.report.prose import differences_table
from analysis.show.report.scrutiny import Scrutiny

MEASURED = pd.DataFrame({
    "label": ["commerce", "culture"], "precision": [1.0, 1.0], "precision_low": [0.75, 0.14],
    "precision_high": 1.0, "recall": [1.0, None], "recall_low": [0.6, None], "recall_high": [1.0, None],
})  # fmt: skip
COMMERCE = "commerce precision 1.00 [.75, 1.00], recall 1.00 [.60, 1.00]"
COLON = COMMERCE.replace(" ", ": ", 1)
CULTURE = "culture precision 1.00 [.14, 1.00], recall not validated"


def plain(text):
    return text.replace("\xa0", " ")


def differences(q):
    table = pd.DataFrame({"label": ["alliance", "economy"], "outlet": "CNN", "other": "TASS"})
    return table.assign(
        difference=[-0.4, 0.15],
        low=[-0.5, 0.0],
        high=[-0.3, 0.3],
        p=q,
        q=q,
        verdict=["different", "too little data"],
    )


def test_differences_are_counted_by_q_and_interval():
    assert prose.comparisons_sentence(differences([0.001, 0.001])) == (
        "Of 2 comparisons between two outlets, 1 shows a clear difference; 1 is undecided."
    )  # the interval of the second holds 0
    assert prose.differences_title(differences([0.001, 0.2])) == (
        "A clear difference in 1 of 2 comparisons between two outlets"
    )


@pytest.mark.parametrize(
    ("shared", "kept", "opposite"),
    [([-0.4, 0.15], ["all of them also", "also"], ""),
     ([0.4, 0.15], ["1 of them also", "but the opposite one"], ", and 1 the opposite one"),
     ([0.4, -0.15], ["none of them clearly", "but the opposite one"], ", and 2 the opposite one")],
)  # fmt: skip
def test_a_difference_with_another_sign_in_the_shared_time_is_not_kept(shared, kept, opposite):
    table = differences([0.001, 0.001]).assign(standardised=shared, standardised_verdict="different")
    both = prose.comparisons_sentence(table.assign(low=[-0.5, 0.1], verdict="different"))
    assert both == (
        "Of 2 comparisons between two outlets, 2 show a clear difference, "
        f"{kept[0]} within what both outlets cover{opposite}."
    )
    one = prose.comparisons_sentence(table)
    assert one == (
        "Of 2 comparisons between two outlets, 1 shows a clear difference, "
        f"{kept[1]} within what both outlets cover; 1 is undecided."
    )
    unclear = prose.comparisons_sentence(table.assign(standardised_verdict="too little data"))
    assert "1 shows a clear difference, but no clear one within what both outlets cover;" in unclear


@pytest.mark.parametrize(
    ("shared", "said"),
    [([-0.4, np.nan], "1 of them also within what both outlets cover (1 cannot be compared there)"),
     ([0.4, np.nan], "none of them clearly within what both outlets cover, and 1 the opposite one "
                     "(1 cannot be compared there)"),
     ([np.nan, np.nan], "but none can be compared within what both outlets cover")],
)  # fmt: skip
def test_a_difference_that_cannot_be_compared_in_shared_time_is_not_said_to_fail_there(shared, said):
    verdicts = ["too little data" if np.isnan(value) else "different" for value in shared]
    table = differences([0.001, 0.001]).assign(standardised=shared, standardised_verdict=verdicts)
    both = prose.comparisons_sentence(table.assign(low=[-0.5, 0.1], verdict="different"))
    assert both == f"Of 2 comparisons between two outlets, 2 show a clear difference, {said}."
    if np.isnan(shared[0]):
        one = prose.comparisons_sentence(table)
        assert "1 shows a clear difference, but cannot be compared within what both outlets cover;" in one


def test_what_three_outlets_differ_in_is_said_with_what_is_left_of_it_in_the_shared_time():
    tested = pd.concat([differences([0.001, 0.2]), differences([0.001, 0.2]).assign(other="DW")])
    tested = tested.assign(standardised_verdict="different")
    verdicts = ["the outlets differ", "no difference between outlets is clear"]
    overall = pd.DataFrame({"label": ["alliance", "economy"], "verdict": verdicts})
    said = "Taken together, the outlets differ in alliance; in economy no difference is clear."
    assert prose.overall_sentence(overall, tested) == said
    lost = tested.assign(standardised_verdict="too little data")
    assert prose.overall_sentence(overall, lost) == (
        f"{said} Within what both of a pair cover, no pair differs clearly in alliance."
    )
    assert prose.overall_sentence(overall, lost.assign(standardised=np.nan)) == said  # nothing was tested there
    assert prose.overall_sentence(overall, tested.drop(columns="standardised_verdict")) == said
    swapped = overall.assign(verdict=verdicts[::-1])  # the test of all outlets and those of pairs can part
    assert prose.overall_sentence(swapped, tested) == (
        "Taken together, the outlets differ in economy. No single pair differs clearly in economy."
    )
    assert prose.overall_sentence(overall, differences([0.001, 0.2])) == ""  # two outlets: the pair says it all


def test_only_what_was_varied_is_said_to_be():
    curve = pd.DataFrame({"unit": ["sentence", "window"], "period": "all", "difference": 0.1})
    without_stories = pd.DataFrame({"unit": ["sentence"], "period": "shared", "difference": float("nan")})
    curve = pd.concat([curve, without_stories], ignore_index=True)
    claim = Claim("CNN", "TASS", "alliance", 1)
    clear = {"low": 0.1, "high": 0.3, "q": 0.01}
    found = Scrutiny(clear, Robustness(curve, claim, f"{claim}: so.", pd.DataFrame()), pd.DataFrame())
    said = prose.robustness_sentences(found, {"Period": "Yes: −9 points.", "Unit": "No: 1 point."})
    assert said[0] == "CNN uses alliance more than TASS: so."
    tried = Scrutiny(clear | {"q": 0.2}, found.robustness, pd.DataFrame())
    assert prose.robustness_sentences(tried, {})[0] == (
        "The claim that was tried is “CNN uses alliance more than TASS”: so."
    )
    assert said[1].startswith("Varied here: the unit of text. Not varied: cleaning, and ")
    doubted = prose.robustness_sentences(found, {"Period": "No: 9 points, reversed.", "Errors": "No: 1 point."})
    assert (
        doubted[1] == "These ways do not include those under Period and Errors above, where the difference is not "
        "always clear."
    )
    none = prose.robustness_sentences(Scrutiny(None, None, pd.DataFrame()), {})
    assert none == ("No difference other than 0 could be tested here, so there is none to measure in other ways.",)


@pytest.mark.parametrize(
    ("low", "high", "q", "outcome"),
    [(0.1, 0.3, 0.01, ""), (-0.1, 0.3, 0.01, "not clear"), (-0.3, -0.1, 0.01, "reversed"),
     (0.1, 0.3, 0.2, ""), (float("nan"), float("nan"), 0.01, "too few stories for an interval")],
)  # fmt: skip
def test_what_became_of_a_claim_in_another_measurement(low, high, q, outcome):
    claim = {"difference": 0.2, "low": 0.1, "high": 0.3, "q": q}
    assert prose.outcome({"difference": 0.1, "low": low, "high": high}, claim) == outcome


@pytest.mark.parametrize(
    ("q", "outcome"), [(0.01, ""), (0.12, "not clear once all comparisons are counted"), (float("nan"), "")]
)
def test_a_measurement_with_its_own_q_is_clear_by_the_same_rule_as_the_answer(q, outcome):
    claim = {"difference": 0.2, "low": 0.1, "high": 0.3, "q": 0.01}
    assert prose.outcome({"difference": 0.1, "low": 0.01, "high": 0.3, "q": q}, claim) == outcome
    opposite = prose.outcome({"difference": -0.1, "low": -0.3, "high": -0.01, "q": q}, claim)
    assert opposite == (outcome or "reversed")


@pytest.mark.parametrize(
    ("low", "reason"),
    [(-0.2, "not clear: its interval includes 0"), (0.1, "not clear once all comparisons are counted")],
)
def test_why_the_clearest_difference_is_not_clear(low, reason):
    claim = {"label": "war", "outlet": "A", "other": "B", "difference": 0.3, "low": low, "high": 0.5, "q": 0.2}
    assert prose.claimed(claim).startswith("The clearest difference, war, A − B, 30 points [")
    assert f", is {reason}. Measured in" in prose.claimed(claim)


def test_every_outlet_gets_a_row(estimates):
    part = estimates[estimates["outlet"] == "CNN"]
    whole = every_outlet(part, ["CNN", "Void"], ["alliance", "economy"])
    assert whole[["outlet", "label", "n_stories", "note"]].to_numpy().tolist() == [
        ["CNN", "alliance", 8, ""],
        ["CNN", "economy", 8, ""],
        ["Void", "alliance", 0, "no passage about the pair"],
        ["Void", "economy", 0, "no passage about the pair"],
    ]


def test_shares_become_dots_on_one_line_with_their_numbers(estimates):
    rows = dots(estimates, ["CNN", "RTÉ"])
    cnn, alone = rows["CNN"]["dots"]["alliance"], rows["RTÉ"]["dots"]["alliance"]
    assert rows["CNN"]["stories"] == 8
    # the highest bound, 55 %, ends the line
    assert {**cnn, "text": plain(cnn["text"])} == {
        "share": 36.36, "low": 18.18, "width": 36.36, "text": "20 % [10, 30]",
    }  # fmt: skip
    assert (alone["share"], alone["width"], plain(alone["text"])) == (90.91, 0.0, "50 %")


def test_differences_are_rounded_for_display():
    assert differences_table(differences([0.0001, 0.2])).drop(columns="verdict").to_numpy().tolist() == [
        ["alliance", "CNN − TASS", "−40 [−50, −30]", "< .001", "< .001"],
        ["economy", "CNN − TASS", "+15 [0, +30]", ".200", ".200"],
    ]


@pytest.mark.parametrize(
    ("shared", "verdict", "shown"),
    [(-0.2, "different", "holds: −20 [−30, −10]"), (-0.2, "too little data", "not clear: −20 [−30, −10]"),
     (0.2, "different", "reversed: +20 [−30, −10]"), (float("nan"), "different", "cannot be compared")],
)  # fmt: skip
def test_the_table_of_comparisons_says_which_differences_hold_in_shared_periods(shared, verdict, shown):
    rows = differences([0.001, 0.2]).assign(standardised=shared, standardised_low=-0.3, standardised_high=-0.1)
    table = differences_table(rows.assign(standardised_verdict=verdict))
    assert table["within shared periods"].tolist() == [shown, shown.split(": ")[-1]]


SPANS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 8), st.sampled_from("ab"), st.booleans()), max_size=6
)


@settings(deadline=None)  # pandas on a busy machine
@given(text=st.text(min_size=28, max_size=40), spans=SPANS)
def test_pieces_join_to_the_text_and_cover_every_hit(text, spans):
    marks = [
        Mark(start, start + length, "negated" if negated else "frames", frame)
        for start, length, frame, negated in spans
    ]
    cut = segments(text, marks)
    assert "".join(piece["text"] for piece in cut) == text
    covered = {at for start, length, _, _ in spans for at in range(start, start + length)}
    assert sum(len(piece["text"]) for piece in cut if len(piece) > 1) == len(covered)


def test_quotes_take_turns_among_outlets_and_skip_copies():
    articles = pd.DataFrame(
        {"doc_id": list("abcd"), "outlet": ["X", "X", "Y", "Y"], "story_id": ["s", "t", "s", "u"]}
    ).assign(text="oil and gas", date=pd.NaT, title="Gas", url=["https://example.org/a", "javascript:x", "", ""])
    passages = pd.DataFrame({"passage_id": list("abcd"), "doc_id": list("abcd"), "start": 0, "end": 11})
    hits = pd.DataFrame(
        {"passage_id": ["a", "a", "b", "c", "d"], "start": [0, 8, 0, 0, 0], "end": [3, 11, 3, 3, 3]}
    ).assign(
        doc_id=lambda t: t["passage_id"],
        frame="economy",
        entry=["oil", "gas", "oil", "oil", "oil"],
        negated=False,
    )
    found = quotes(SimpleNamespace(articles=articles, passages=passages, hits=hits), "economy", n=3)
    assert [quote["passage_id"] for quote in found] == ["a", "d", "b"]
    assert [piece["text"] for piece in found[0]["pieces"] if "frames" in piece] == ["oil", "gas"]
    assert (found[0]["date"], found[0]["title"]) == ("no date", "Gas")
    assert [quote["url"] for quote in found] == ["https://example.org/a", "", ""]


def test_periods_without_a_common_story_print_no_number():
    nan = float("nan")
    names = [f"{name}{end}" for name in ("in_window", "standardised") for end in ("", "_low", "_high")]
    claim = {"label": "economy", "outlet": "ABC", "other": "DW", "difference": 0.2, "low": 0.1, "high": 0.3}
    claim |= {"q": 0.01}
    claim |= {"control": "month", "window": "2017-02-28 to 2017-03-03", **dict.fromkeys(names, nan)}
    dated = pd.DataFrame({"doc_id": ["a"], "outlet": ["ABC"], "date": [pd.Timestamp("2017-03-01")]})
    assert prose._period(SimpleNamespace(articles=dated, passages=dated), claim) == (
        "Not known: too few stories to compare from 2017-02-28 to 2017-03-03, where the two overlap; "
        "too few stories to compare within each month that both cover."
    )


@pytest.mark.parametrize(
    ("table", "claim", "corrected", "end"),
    [
        (MEASURED, {"label": "commerce"}, 0, f"Frame {COLON}. See Instrument for the other frames."),
        (MEASURED, {"label": "culture"}, 1,
         f"Frame {CULTURE.replace(' ', ': ', 1)}. See Instrument for the other frames and shares without the "
         "measured error."),
        (MEASURED, None, 1,
         f"By frame: {COMMERCE}; {CULTURE}. See Instrument for shares without the measured error."),
        (MEASURED, {"label": "trust"}, 0, f"By frame: {COMMERCE}; {CULTURE}."),
        (MEASURED[:1], {"label": "commerce"}, 0, f"Frame {COLON}."),
        (MEASURED.loc[[0, 0]].assign(outlet=["CNN", "TASS"])[["outlet", *MEASURED]], {"label": "commerce"}, 0,
         f"By frame: {COMMERCE.replace(' ', ', CNN ', 1)}; {COMMERCE.replace(' ', ', TASS ', 1)}."),
    ],
)  # fmt: skip
def test_the_first_screen_has_the_figures_of_the_frame_of_the_claim(table, claim, corrected, end):
    lexicon = Lexicon("own", entries=[Entry("trade", "commerce")])
    used = Instrument(lexicon, "", here=Certificate(table, n=60, drawn=True, coded_by="a reader"),
                      corrected=pd.DataFrame(index=range(corrected)))  # fmt: skip
    begun = "Lexicon own: measured on 60 passages of these texts drawn at random, coded by a reader. "
    assert certificate(used, claim) == begun + end


@pytest.mark.parametrize(
    ("about", "note", "options"),
    [((), "", " --no-pair"), (("Russia", "China"), "", ""),
     (("the United States", "Russia"), "It was written for another.", " --about 'the United States' 'Russia'")],
)  # fmt: skip
def test_the_command_that_draws_fifty_passages_has_the_options_it_needs(about, note, options):
    said = certificate(Instrument(Lexicon("own", entries=[Entry("trade", "commerce")], about=about), note))
    assert said.endswith(
        f" code fifty of these passages: framing certify ARTICLES --lexicon LEXICON{options} -n 50."
    )


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [((0.2, 0.09, 0.34), (0.41, 0.16, 0.69), "No: −21 points [−51, 8], not clear, "),  # .21 ± √(.14² + .25²)
     ((0.2, 0.17, 0.23), (0.6, 0.56, 0.64), "Yes: −40 points [−45, −35] ")],  # .40 ± √(.03² + .04²)
)  # fmt: skip
def test_what_the_measured_error_leaves_of_the_first_difference_is_said_beside_it(first, second, said):
    claim = differences([0.001, 0.2]).iloc[0].to_dict()
    shares = pd.DataFrame([second, first], columns=["corrected", "corrected_low", "corrected_high"])
    by_lexicon = {"label": "alliance", "share": 0.5, "low": 0.4, "high": 0.6}
    corrected = shares.assign(outlet=["TASS", "CNN"], **by_lexicon, by_hand=0.5, by_hand_low=0.1, by_hand_high=0.9)
    assert plain(prose.without_error(corrected, claim)) == f"{said}without the measured error of the lexicon."
    missing = "Not checked: the share of CNN or TASS could not be corrected (see Instrument)."
    assert prose.without_error(corrected[:1], claim) == missing  # of CNN none was coded
    assert prose.without_error(pd.DataFrame(), claim) == ""


def test_a_lexicon_without_words_for_negation_is_said_to_count_what_is_negated():
    war = [Entry("war", "war")]
    assert prose.negation(Lexicon("own", entries=war, negation={"words": ["no"]})) == (
        "Struck through: the passage negates the frame, so it is not counted."
    )
    assert prose.negation(Lexicon("own", entries=war)) == (
        "The lexicon has no words for negation (negation: words: [no, not, …]), so negated hits count, too."
    )


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["different"], ""),
        (
            ["too little data", "different"],
            "For 1 comparison there is too little data to exclude a difference of 10 points; this does not show "
            "that the outlets are alike.",
        ),
        (
            ["no difference larger than .1"] * 2,
            "In 2 comparisons a difference of 10 points or more is unlikely (p < .05).",
        ),
    ],
)
def test_what_is_not_found_is_not_called_absent(verdicts, said):
    assert prose.undecided(pd.DataFrame({"q": 0.5, "low": -0.1, "high": 0.1, "verdict": verdicts}), 0.1) == said


def test_an_outlet_of_one_story_is_said_to_have_no_interval_where_it_is_shown(estimates):
    assert others(SimpleNamespace(estimates=estimates), ["CNN", "RTÉ"]) == (
        "One story, so no interval: RTÉ. No passage: Void. 1 more outlet in the CSV."
    )
