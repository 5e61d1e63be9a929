"""One function draws every result: which figure, which options, what is refused, light and dark."""

import re
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

import analysis as an
from analysis.show.figures.plot import FIGURES
from analysis.show.look import PALETTE, contrast, in_dark
from analysis.show.report.pictures import slim
from analysis.topics.packages import Packages

TOPICS = SimpleNamespace(
    words=pd.DataFrame([[0.9, 0.1], [0.1, 0.9]], index=["a", "b"], columns=["gas", "summit"]),
    shares=pd.DataFrame({"a": [0.75], "b": [0.25]}),
    caution="Keyword topics are not measured frames.",
)


def foot(ax):
    return ax.figure.get_supxlabel().replace("\n", " ")


@pytest.mark.parametrize(
    ("result", "kind", "options", "message"),
    [
        (3, None, {}, "plot: no figure fits. Found: int. Pass one of: shares by period (kind='periods');"),
        (pd.DataFrame({"x": [1]}), None, {}, "plot: no figure fits. Found: a table with the columns x."),
        (
            TOPICS,
            "pie",
            {},
            "plot: topics have no figure of kind 'pie'. Found: pie. Pass kind='list',",
        ),
        (
            TOPICS,
            None,
            {"validation": None},
            "plot: kind='list' has no option 'validation'. Options: n, ",
        ),
        (TOPICS, "map", {"points": None}, "plot: kind='map' has no option 'points'. Options: none."),
        (TOPICS, TOPICS.shares, {}, "plot: kind is a word. Found: a table with the columns a, b."),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_what_can(result, kind, options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        an.plot(result, kind, **options)


@pytest.mark.parametrize("kind", ["list", "map"])
def test_every_figure_of_keyword_topics_repeats_their_caution(kind):
    assert foot(an.plot(TOPICS, kind)).endswith(TOPICS.caution)


def test_a_caution_in_a_column_is_repeated_too(estimates):
    assert foot(an.plot(estimates.assign(caution=TOPICS.caution))).endswith(TOPICS.caution)


def test_a_table_from_a_file_is_drawn_like_the_one_that_was_not(estimates, tmp_path):
    estimates.to_csv(tmp_path / "e.csv", index=False)
    again = pd.read_csv(tmp_path / "e.csv", keep_default_na=True)
    one, other = an.plot(estimates), an.plot(again)
    assert foot(one) == foot(other)
    assert one.figure.get_suptitle() == other.figure.get_suptitle()
    assert [t.get_text() for t in letters(one)] == [t.get_text() for t in letters(other)]


def test_kinds_have_one_name_each():
    assert len({(figure.kind, figure.of) for figure in FIGURES}) == len(FIGURES)


def letters(ax):
    return [text for text in ax.figure.findobj(plt.Text) if text.get_text().strip() and text.get_visible()]


@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_letters_can_be_read_on_a_light_and_on_a_dark_page(estimates, style):
    with plt.style.context(style):
        ax = an.plot(estimates)
    paper = to_hex(ax.figure.get_facecolor())
    assert paper == ("#ffffff" if style == "default" else in_dark("#ffffff"))
    assert min(contrast(to_hex(text.get_color()), paper) for text in letters(ax)) >= 4.5


def test_axes_in_a_dark_figure_are_drawn_for_it_and_its_other_axes_left_alone(estimates):
    figure, (mine, other) = plt.subplots(2, facecolor="black")
    other.set_title("mine", color="#123456")
    an.plot(estimates[estimates["label"] == "economy"], ax=mine, title="x")
    assert contrast(to_hex(mine.yaxis.get_ticklabels()[0].get_color()), "#000000") > 4.5
    assert other.title.get_color() == "#123456"
    assert figure.get_facecolor() == (0, 0, 0, 1)


@pytest.mark.parametrize("colour", PALETTE)
def test_colours_of_frames_can_be_read_in_the_dark(colour):
    assert contrast(in_dark(colour), in_dark("#ffffff")) >= 5.5


def test_many_topics_have_names_that_meet_no_disc_and_no_other_name():
    generator = np.random.default_rng(3)
    words = pd.DataFrame(generator.dirichlet(np.ones(40) * 0.1, 25), index=[f"topic {n:02}" for n in range(25)])
    words.columns = [f"word{n}" for n in range(40)]
    shares = pd.DataFrame(generator.dirichlet(np.ones(25) * 0.4, 1), columns=words.index)
    ax = an.plot(SimpleNamespace(words=words, shares=shares), "map")
    boxes = [text.get_window_extent() for text in ax.texts]
    assert len(boxes) > 10
    assert not any(one.overlaps(other) for at, one in enumerate(boxes) for other in boxes[:at])
    (discs,) = ax.collections
    middles = ax.transData.transform(discs.get_offsets())
    radii = np.sqrt(discs.get_sizes()) / 2 * ax.figure.dpi / 72
    for text, box in zip(ax.texts, boxes, strict=True):
        across = middles[:, 0] - middles[:, 0].clip(box.x0, box.x1)
        up = middles[:, 1] - middles[:, 1].clip(box.y0, box.y1)
        met = np.flatnonzero(np.hypot(across, up) < radii - 1)
        assert len(met) <= 1, text.get_text()


def test_packages_stand_by_size_and_unstable_topics_are_hollow():
    table = pd.DataFrame({"label": ["a", "b", "c"], "package": ["two", "one", "two"], "share": [0.2, 0.3, 0.5],
                          "stability": 1.0, "stable": [True, False, True]})  # fmt: skip
    ax = an.plot(Packages(table, 0.3, 1.0, 2.0, 50, note="All is in one package."))
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["two", "one", "c", "a", "b"]
    assert [bar.get_width() for bar in ax.patches] == [0.5, 0.2, 0.3]
    assert [to_hex(bar.get_facecolor()) for bar in ax.patches][1:] == ["#5a6b7b", "#ffffff"]
    assert foot(ax).endswith("All is in one package.")


def test_convergence_is_drawn_with_the_label_of_the_same_name_or_the_closest() -> None:
    rows = [("models", "war", "people", "war", 0.8), ("models", "war", "people", "peace", 0.9),
            ("models", "war", "topics", "topic 1", 0.2), ("models", "war", "topics", "topic 2", 0.4)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["instrument", "label", "other_instrument", "other_label", "correlation"])
    ax = an.plot(table.assign(low=table["correlation"] - 0.1, high=table["correlation"] + 0.1))
    names = [text.get_text().replace("\n", " ") for text in ax.get_yticklabels()]
    assert {"models and people", "models and topics: topic 2"} <= set(names)
    assert "models and topics: topic 1" not in names


def test_slimming_leaves_out_what_draws_nothing():
    words = '<g id="text_1"> <!-- a word -->\n <path d="M 0.123456 2 \nL 3 4.5"/>\n</g>'
    assert slim(words) == '<g><path d="M0.12 2L3 4.5"/></g>'
    alike = '<use x="1" style="fill: red"/><use x="2" style="fill: red"/>'
    assert slim(alike) == '<g style="fill: red"><use x="1"/><use x="2"/></g>'


def test_slimming_keeps_scales_and_separate_panels():
    svg = '<g transform="translate(1.23456 2) scale(0.015625)"/><g clip-path="url(#a)"><use x="1.239"/></g>\n'
    assert slim(svg + "<path/>") == (
        '<g transform="translate(1.23 2) scale(0.015625)"/><g clip-path="url(#a)"><use x="1.23"/></g><path/>'
    )
