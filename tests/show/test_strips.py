"""The strips of two versions, read back from the artists."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Polygon, Rectangle

import analysis as an

ORIGINAL = "Russia and China are friends. In Moscow it rained. Trade between China and Russia fell."
COPY = "Russia and China are friends. In Moscow it rained."
LEXICON = an.read_lexicon("russia-china")


def bands(ax):
    return [
        (patch.get_x(), patch.get_width(), to_hex(patch.get_facecolor()))
        for patch in ax.patches
        if isinstance(patch, Rectangle)
    ]


def test_a_cut_stretch_has_the_colour_of_its_frame():
    ax = an.plot(an.compare_copies(ORIGINAL, COPY, LEXICON))
    # Nine words stay, six are cut: grey in both strips, then the economy's gold.
    assert bands(ax) == [(0, 9, "#d9dee3"), (9, 6, "#ddaa33"), (0, 9, "#d9dee3")]
    assert sum(isinstance(patch, Polygon) for patch in ax.patches) == 1


def test_a_stretch_without_a_frame_is_hatched():
    ax = an.plot(an.compare_copies(ORIGINAL, ORIGINAL.replace(" In Moscow it rained.", ""), LEXICON))
    hatched = [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_hatch()]
    assert [(patch.get_x(), patch.get_width()) for patch in hatched] == [(5, 4)]


def test_lanes_count_hits_and_rows_have_names():
    ax = an.plot(an.compare_copies({"text": ORIGINAL, "outlet": "AP"}, COPY, LEXICON))
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["alliance", "pragmatism", "economy"] * 2 + ["AP\n15 words", "copy\n9 words"]
    counts = [text.get_text() for text in ax.texts if "hit" in text.get_text()]
    assert counts == ["1 hit, 0 lost", "no hit", "1 hit, 1 lost", "1 hit, 0 new", "no hit", "no hit"]


def test_a_long_stretch_is_quoted_and_the_readers_axes_are_used():
    _, mine = plt.subplots()
    ax = an.plot(an.compare_copies(ORIGINAL, COPY, LEXICON), ax=mine, title="Trade is gone", names=("AP", "DW"))
    assert ax is mine
    assert ax.get_title("left") == "Trade is gone"
    assert any(text.get_text().replace("\n", " ").startswith("6 words cut: “Trade between") for text in ax.texts)


@pytest.mark.parametrize(("original", "copy"), [("", COPY), (COPY, "")])
def test_one_side_may_be_empty(original, copy):
    ax = an.plot(an.compare_copies(original, copy, LEXICON))
    assert not [patch for patch in ax.patches if isinstance(patch, Polygon)]


def test_nothing_to_draw_is_said():
    ax = an.plot(an.compare_copies("", "", LEXICON))
    assert [text.get_text() for text in ax.texts] == ["nothing to show: neither version has a word"]
