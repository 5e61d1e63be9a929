"""The instrument's figures, read back from the artists."""

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.frames.lexicon import Frame

ENDS = ("", "_low", "_high")


def row(precision, recall, f1, **more):
    values = {"precision": precision, "recall": recall, "f1": f1}
    return more | {f"{name}{end}": three[at] for name, three in values.items() for at, end in enumerate(ENDS)}


NO_ENTRY = pd.DataFrame(columns=["outlet", "label", "entry", "n_hits", "share", "without", "influence"])
NONE = (np.nan, np.nan, np.nan)
VALIDATION = pd.DataFrame(
    [
        row((0.9, 0.8, 1.0), (0.5, 0.4, 0.6), (0.7, 0.6, 0.8), label="alliance", n=90, positives=40),
        row(NONE, (0.0, np.nan, np.nan), (0.0, np.nan, np.nan), label="economy", n=90, positives=1),
    ]
)


def names(ax):
    return [tick.get_text() for tick in ax.get_yticklabels()]


def words(ax):
    return [text.get_text() for text in ax.texts]


def lines(ax):
    return [
        tuple(map(float, part.get_paths()[0].vertices[:, 0]))
        for part in ax.collections
        if part.get_paths()[0].vertices.shape == (2, 2)
    ]


def test_a_row_a_frame_with_intervals_and_what_has_no_case():
    ax = an.plot(VALIDATION)
    precision, recall, _ = ax.child_axes
    assert names(precision) == ["alliance · 40 of 90", "economy · 1 of 90"]
    assert words(precision) == [".90", "no case"]
    assert words(recall) == [".50", ".00"]
    assert lines(precision) == [(0.8, 1.0)]
    assert ax.figure.get_suptitle() == "How often the lexicon is right, per frame"


def test_outlets_stand_under_their_frame_and_those_without_a_case_are_counted():
    none = row(NONE, NONE, NONE, label="alliance", n=5, positives=0)
    table = pd.concat([VALIDATION, VALIDATION, pd.DataFrame([none])]).assign(
        outlet=["DW", "DW", "BBC", "BBC", "CNN"]
    )
    ax = an.plot(table[["outlet", *VALIDATION]])
    assert names(ax.child_axes[0]) == [
        "alliance", "economy", "BBC · 40 of 90", "DW · 40 of 90", "BBC · 1 of 90", "DW · 1 of 90",
    ]  # fmt: skip
    assert "1 row without a case left out." in ax.figure.get_supxlabel().replace("\n", " ")


def test_the_entry_with_most_false_hits_comes_first():
    entry = dict(zip([f"precision{end}" for end in ENDS], (0.5, 0.1, 0.9), strict=True))
    table = pd.DataFrame(
        [
            {"label": "alliance", "entry": "allies", "n": 2, "wrong": 0} | entry,
            {"label": "alliance", "entry": "axis", "n": 4, "wrong": 2} | entry,
            {"label": "alliance", "entry": "silent", "n": 0, "wrong": 0} | dict.fromkeys(entry, np.nan),
        ]
    )
    ax = an.plot(table)
    assert names(ax) == ["alliance", "axis", "allies"]
    assert words(ax) == [".50 · 2 of 4 right", ".50 · 2 of 2 right"]
    assert ax.figure.get_suptitle() == "How often the lexicon is right, per entry"
    assert (
        ax.figure.get_supxlabel()
        .replace("\n", " ")
        .endswith("1 entry without a hit in the coded passages left out.")
    )


def test_fitted_figures_are_strokes_beside_the_held_out():
    table = VALIDATION[:1].assign(fitted_precision=0.95, fitted_recall=0.6, fitted_f1=0.75)
    faces = an.plot(table).child_axes
    assert [face.lines[0].get_xdata()[0] for face in faces] == [0.95, 0.6, 0.75]


def test_each_outlet_with_the_entry_that_moves_it_most():
    table = pd.DataFrame(
        [
            ("DW", "alliance", "ties", 3, 0.4, 0.3, -0.1),
            ("DW", "alliance", "allies", 3, 0.4, 0.1, -0.3),
            ("TASS", "alliance", "ties", 1, 0.6, 0.6, 0.0),
        ],
        columns=["outlet", "label", "entry", "n_hits", "share", "without", "influence"],
    )
    ax = an.plot(table, validation=VALIDATION)
    assert names(ax) == ["alliance", "TASS", "DW"]
    assert words(ax) == ["60\xa0% · no single entry", "40\xa0% · allies −30"]
    assert lines(ax)[1] == (0.1, 0.4)
    assert ax.figure.get_suptitle() == "Share of each outlet with and without its strongest entry"
    assert (
        "Lexicon, measured on 90 passages: alliance precision\xa0.90, recall\xa0.50."
        in ax.figure.get_supxlabel().replace("\n", " ")
    )


def test_shares_carry_their_instrument_at_the_foot(estimates):
    said = an.plot(estimates, validation=VALIDATION).figure.get_supxlabel().replace("\n", " ")
    assert said.endswith(
        "Lexicon, measured on 90 passages: alliance precision\xa0.90, recall\xa0.50; economy "
        "precision\xa0unknown, recall\xa0.00."
    )
    said = an.plot(estimates, validation=VALIDATION[:0]).figure.get_supxlabel().replace("\n", " ")
    assert said.endswith("Lexicon not validated: how often it is right is not known.")
    assert "exicon" not in an.plot(estimates).figure.get_supxlabel()


def test_tables_carry_it_as_columns(estimates):
    table = an.with_validation(estimates, VALIDATION)
    assert table.loc[0, ["precision", "recall"]].tolist() == [".90 [.80, 1.00]", ".50 [.40, .60]"]
    assert table.loc[4, ["precision", "recall"]].tolist() == ["not validated", ".00"]
    assert table.loc[0, "measured_on"] == "90 passages"
    assert set(an.with_validation(estimates)["precision"]) == {"not validated"}
    with pytest.raises(ValueError, match=r"^shares: column 'label' is missing. Found: outlet\."):
        an.with_validation(estimates[["outlet"]])


@pytest.mark.parametrize(
    ("draw", "why"),
    [
        (lambda: an.plot(VALIDATION[:0]), "no measure has a case to rest on"),
        (lambda: an.plot(NO_ENTRY), "no entry has a hit"),
    ],
)
def test_an_empty_table_says_so(draw, why):
    assert words(draw()) == [f"nothing to show: {why}"]


def test_an_outlet_on_which_nothing_was_measured_is_told_apart(estimates):
    """Coded passages of TASS alone: beside the others' shares stands that the figures are not theirs."""
    coded = pd.DataFrame(
        {"text": ["gas", "army", "gas"], "outlet": "TASS", "trade": [1, 0, 1], "story": list("abc")}
    )
    lexicon = an.Lexicon("own", (Frame("trade"),), (an.Entry("gas", "trade", ("gas",)),))
    table = an.with_validation(estimates.assign(label="trade"), an.validate(coded, lexicon)).set_index("outlet")
    assert table.loc["TASS", "measured_on"].unique().tolist() == ["3 passages of TASS"]
    assert (
        table.loc["CNN", ["precision", "recall"]].to_numpy().ravel().tolist()
        == ["not measured on these texts"] * 4
    )
    assert table.loc["CNN", "measured_on"].unique().tolist() == [
        "not measured on these texts; on 3 passages of TASS: precision 1.00 [.36, 1.00], recall 1.00 [.25, 1.00]"
    ]


def test_nothing_is_claimed_of_what_was_not_measured(estimates):
    """A label without a case rests on no passage; labels may rest on different numbers of passages."""
    no_case = VALIDATION.assign(recall=[0.5, np.nan], n=[90, 40])
    assert set(an.with_validation(estimates[4:5], no_case)["measured_on"]) == {"not validated"}
    said = an.plot(estimates, validation=no_case).figure.get_supxlabel().replace("\n", " ")
    assert said.endswith(
        "measured on 90 passages: alliance precision\xa0.90, recall\xa0.50; economy not validated."
    )
    said = an.plot(estimates, validation=VALIDATION.assign(n=[90, 40])).figure.get_supxlabel().replace("\n", " ")
    assert "measured on 40 to 90 passages" in said


def test_measures_by_outlet_stand_beside_their_own_outlet(estimates):
    apart = pd.concat([VALIDATION.assign(outlet="TASS"), VALIDATION.assign(outlet="RTÉ", precision=0.3, n=7)])
    table = an.with_validation(estimates[estimates["label"] == "alliance"], apart).set_index("outlet")
    assert table.loc["RTÉ", "measured_on"] == "7 passages"
    assert table.loc["RTÉ", "precision"].startswith(".30")
    assert table.loc["TASS", "precision"].startswith(".90")
    assert table.loc["CNN", "precision"] == "not validated"
    said = an.plot(estimates, validation=apart).figure.get_supxlabel().replace("\n", " ")
    assert "measured on 7 to 90 passages: alliance precision\xa0.30–.90, recall\xa0.50;" in said
    with pytest.raises(ValueError, match=r"^validation: 2 rows of 'alliance', so none can stand beside it"):
        an.with_validation(estimates[["label"]], apart)


def test_a_difference_needs_both_outlets_measured():
    coded = pd.DataFrame({"text": ["gas", "army"], "outlet": "TASS", "trade": [1, 0], "story": list("ab")})
    lexicon = an.Lexicon("own", (Frame("trade"),), (an.Entry("gas", "trade", ("gas",)),))
    differences = pd.DataFrame({"outlet": "TASS", "other": ["CNN", "TASS"], "label": "trade", "difference": 0.1})
    table = an.with_validation(differences, an.validate(coded, lexicon))
    assert table["precision"].tolist() == ["not measured on these texts", "1.00 [.15, 1.00]"]
    assert table["measured_on"].tolist()[1] == "2 passages of TASS"
