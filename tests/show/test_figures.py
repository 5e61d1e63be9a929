"""What is drawn, read back from the artists."""

import os
import subprocess
import sys
from itertools import pairwise
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_hex

import analysis as an

NOTHING = "nothing to show: "


def words_on(ax):
    return [t.get_text() for face in (ax, *ax.child_axes) for t in face.texts]


def row_names(ax):
    return [t.get_text() for t in ax.get_yticklabels()]


def lines_of(ax):
    return [tuple(map(float, path.vertices[:, 0])) for path in ax.collections[0].get_paths()]


def test_outlets_stand_by_value_with_their_stories(estimates):
    ax = an.plot(estimates)
    assert row_names(ax.child_axes[0]) == [
        "TASS ·\xa020\xa0stories",
        "RTÉ ·\xa0one\xa0story",
        "CNN ·\xa08\xa0stories",
        "Void ·\xa0no\xa0story",
    ]
    assert [face.get_title("left") for face in ax.child_axes] == ["alliance", "economy"]


def test_intervals_end_where_the_table_says(estimates):
    alliance, economy = an.plot(estimates).child_axes
    assert lines_of(alliance) == [(0.5, 0.7), (0.1, 0.3)]
    assert lines_of(economy) == [(0.2, 0.31), (0.3, 0.55)]


def test_one_story_is_hollow_and_a_missing_share_is_said(estimates):
    face = an.plot(estimates).child_axes[0]
    _, filled, hollow = face.collections
    assert hollow.get_offsets().tolist() == [[0.5, 1.0]]
    assert to_hex(hollow.get_facecolor()[0]) == "#ffffff"
    assert to_hex(filled.get_facecolor()[0]) == "#004488"
    assert [t.get_text() for t in face.texts] == ["60\xa0%", "50\xa0%", "20\xa0%", "no passage"]


def test_one_label_is_drawn_on_the_readers_axes(estimates):
    _, mine = plt.subplots()
    ax = an.plot(estimates[estimates["label"] == "economy"], ax=mine, title="Money talks")
    assert ax is mine
    assert ax.get_title("left") == "Money talks"
    assert lines_of(ax) == [(0.3, 0.55), (0.2, 0.31)]


def test_the_title_of_an_own_figure_spans_it(estimates):
    assert an.plot(estimates, title="TASS leads").figure.get_suptitle() == "TASS leads"


def test_distinctive_terms_by_z_with_intervals():
    terms = pd.DataFrame(
        {
            "group": ["TASS"] * 3 + ["CNN"],
            "term": ["sco", "oil", "tea", "oil"],
            "log_odds": [1.0, 2.0, -1.0, 0.5],
            "z": [4.0, 1.0, -4.0, 2.0],
            "q": [0.001, 0.4, 0.001, 0.04],
        }
    )
    cnn, tass = an.plot(terms).child_axes
    assert row_names(tass) == ["sco", "oil"]
    assert lines_of(tass) == [
        (pytest.approx(1 - 1.96 / 4), pytest.approx(1 + 1.96 / 4)),
        (pytest.approx(2 - 3.92), pytest.approx(2 + 3.92)),
    ]
    assert tass.collections[1].get_offsets().tolist() == [[1.0, 0.0]]  # filled: q below .05
    assert row_names(cnn) == ["oil"]


def test_ranked_terms_are_bars_of_their_weight():
    terms = pd.DataFrame(
        {"topic": [1, 1, 2], "rank": [1, 2, 1], "term": ["gas", "oil", "$12 tea"], "weight": [3.0, 1, 2]}
    )
    first, second = an.plot(terms, n=2).child_axes
    assert [bar.get_width() for bar in first.patches] == [3.0, 1.0]
    assert (first.get_title("left"), row_names(second)) == ("topic 1", ["$12 tea"])


def test_topics_show_mean_share_and_words_in_order():
    words = pd.DataFrame(
        [[0.1, 0.6, 0.3], [0.5, 0.2, 0.3]], index=["topic 1", "topic 2"], columns=["tea", "gas", "oil"]
    )
    shares = pd.DataFrame({"topic 1": [0.8, 0.7], "topic 2": [0.2, 0.3]})
    ax = an.plot(SimpleNamespace(words=words, shares=shares), n=2)
    assert [bar.get_width() for bar in ax.patches] == [0.75, 0.25]
    assert words_on(ax) == ["75\xa0%", "gas, oil", "25\xa0%", "tea, oil"]


def test_positions_count_tenths_and_leave_out_negated():
    hits = pd.DataFrame(
        {
            "doc_id": ["a", "a", "b", "b"],
            "start": [0, 95, 10, 0],
            "frame": pd.Categorical(["alliance", "alliance", "alliance", "economy"], ["alliance", "economy"]),
            "negated": [False, False, False, True],
        }
    )
    articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["x" * 100, "x" * 20]})
    alliance, economy = an.plot(an.hit_positions(hits, articles)).child_axes
    assert [round(bar.get_height() * 3) for bar in alliance.patches] == [1, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert economy.get_ylabel() == "economy\n0 hits"


def differences(n=3):
    pairs = [("A", "B"), ("A", "C"), ("B", "C")][:n]
    rows = [
        ("alliance", a, b, 0.1 * i - 0.1, 0.1 * i - 0.3, 0.1 * i + 0.1, q, q)
        for i, ((a, b), q) in enumerate(zip(pairs, (0.5, 0.01, 0.2), strict=False))
    ]
    return pd.DataFrame(rows, columns=["label", "outlet", "other", "difference", "low", "high", "p", "q"])


def test_differences_clearest_first_around_zero():
    ax = an.plot(differences(), n=2)
    assert row_names(ax) == ["A − C", "B − C"]
    assert lines_of(ax) == [
        (pytest.approx(-0.2), pytest.approx(0.2)),
        (pytest.approx(-0.1), pytest.approx(0.3)),
    ]
    assert ax.figure.get_supxlabel().endswith("The 2 clearest of 3 pairs.")


def test_a_frame_without_any_difference_takes_no_panel():
    zero = differences().assign(label="economy", difference=0.0, low=-0.1, high=0.1)
    ax = an.plot(pd.concat([differences(), zero]))
    assert not ax.child_axes
    assert lines_of(ax) == lines_of(an.plot(differences()))
    assert "Drawn: alliance; in economy every difference is 0." in " ".join(ax.figure.get_supxlabel().split())
    assert "every difference" not in an.plot(zero).figure.get_supxlabel()


@pytest.mark.parametrize(
    ("draw", "why"),
    [
        (lambda e: an.plot(e), "no outlet has been compared"),
        (lambda _: an.plot(differences(0)), "no two outlets have two stories each"),
        (
            lambda _: an.plot(pd.DataFrame(columns=["group", "term", "log_odds", "z", "q"])),
            "no group has a term",
        ),
        (lambda e: an.plot(SimpleNamespace(words=e, shares=e)), "no topic was fitted"),
        (
            lambda _: an.plot(pd.DataFrame({"doc_id": [], "frame": [], "position": []})),
            "no hit of any frame",
        ),
    ],
)
def test_an_empty_table_is_an_axes_that_says_so(draw, why, estimates):
    assert words_on(draw(estimates.iloc[:0])) == [NOTHING + why]


def test_the_readers_settings_are_left_alone(estimates):
    before = dict(mpl.rcParams)
    an.plot(estimates)
    assert dict(mpl.rcParams) == before


def test_no_argument_is_changed(estimates):
    before = estimates.copy()
    an.plot(estimates)
    pd.testing.assert_frame_equal(estimates, before)


@pytest.mark.filterwarnings("error")
def test_names_without_a_glyph_are_boxes_that_differ_and_one_warning_names_the_font(estimates, tmp_path):
    names = {"TASS": "T\U0001f9ff & $5 $6", "RTÉ": "T\U0001fabf & $5 $6"}
    with pytest.warns(UserWarning, match="Install Noto Emoji, then start again") as caught:
        ax = an.plot(estimates.replace({"outlet": names}))
    ax.figure.savefig(tmp_path / "f.png")
    assert len(caught) == 1
    assert row_names(ax.child_axes[0])[:2] == [
        "T▯ & $5 $6 (1) ·\xa020\xa0stories",
        "T▯ & $5 $6 (2) ·\xa0one\xa0story",
    ]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("width", [7.0, 3.5])
def test_long_and_right_to_left_names_keep_their_row(estimates, width, tmp_path):
    long = {"TASS": "x" * 170, "RTÉ": "The very long morning edition " * 6, "CNN": "الجزيرة"}
    ax = an.plot(estimates.replace({"outlet": long}), width=width)
    ax.figure.savefig(tmp_path / "f.png")
    face = ax.child_axes[0]
    boxes = [tick.get_window_extent() for tick in face.get_yticklabels()]
    assert not any(one.overlaps(other) for one, other in pairwise(boxes))
    assert min(box.x0 for box in boxes) >= 0
    assert "\u2068الجزيرة\u2069 ·\xa08\xa0stories" in [name.replace("\n", " ") for name in row_names(face)]


def test_a_notebook_goes_on_showing_figures_after_the_first():
    code = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("import pandas as pd, analysis as an\\nax = an.plot(pd.DataFrame(columns=['label', 'position']))")
import matplotlib
print(matplotlib.is_interactive())
"""
    notebook = os.environ | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    done = subprocess.run([sys.executable, "-c", code], env=notebook, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "True"
