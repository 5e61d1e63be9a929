"""The queue of passages on which coders differ, in a real JupyterLab: a third decides, and the file says who."""

from pathlib import Path

import pytest

from browser.checks import CONTRAST

MADE = """
import analysis as an, pandas as pd, sys
sys.path.insert(0, {here!r})
from browser.tricky import corpus
from analysis.frames.coders.people import settled, to_settle
articles = an.mark_copies(an.clean(corpus()))
passages = an.passages(articles)
hits = an.find_frames(passages, an.read_lexicon("russia-china"))
said = {{"ann": [[1, 0, 1], [1, 1, 0]], "model": [[1, 1, 1], [1, 0, 0]]}}  # coder → frame → passage
codes = pd.concat([
    passages[:3].assign(coder=coder, label=label, code=given)
    for coder, frames in said.items() for label, given in zip(("alliance", "economy"), frames)
])
queue = to_settle(codes)
"""
DESK = "desk = an.explore(articles, hits, passages=queue, codes='eva.csv')\ndesk"


@pytest.fixture
def opened(lab, watched):
    watch = watched()
    page = lab.open(watch, "queue", [DESK])
    assert lab.run(page, MADE.format(here=str(Path(__file__).parents[1]))) == ""
    lab.run_cells(page)
    page.locator(".desk .card").first.wait_for()
    page.locator(".desk").scroll_into_view_if_needed()
    return watch, page


def pressed(page):
    return page.locator(".desk .judge [aria-pressed=true]").evaluate_all("all => all.map((one) => one.ariaLabel)")


def test_a_third_decides_and_the_file_says_who(lab, opened):
    watch, page = opened
    assert lab.told(page, "queue['differ'].tolist()") == ["alliance, economy"]
    assert page.locator(".desk .card").count() == 1  # those on which both agree are not asked
    assert page.locator(".desk .judge .name").all_inner_texts() == ["alliance", "economy"]
    assert page.locator(".desk .text mark, .desk .text [class*=hue]").count() == 0  # nothing of what others said
    watch.shot("queue-1400")
    page.locator(".desk .no[aria-label^='alliance']").click()
    page.locator(".desk .status", has_text="1 left, kept in eva.csv").wait_for()
    page.locator(".desk .yes[aria-label^='economy']").click()
    page.locator(".desk .status", has_text="0 left, kept in eva.csv").wait_for()
    decided = ["alliance: not carried", "economy: carried"]
    assert pressed(page) == decided
    lab.run_cells(page)  # the cell makes a new desk
    page.locator(".desk .judge.said").wait_for()
    assert pressed(page) == decided
    assert lab.run(page, "final = settled(codes, an.read_codes('eva.csv', weights=False))") == ""
    frames = ["alliance", "economy", "alliance_settled_by", "economy_settled_by"]
    rows = lab.told(page, f"final[{frames}].astype('object').values.tolist()")
    assert rows == [[1, 1, "", ""], [0, 1, "eva", "eva"], [1, 0, "", ""]]
    page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".desk .judge").scroll_into_view_if_needed()
    watch.shot("queue-390")
    wide = page.evaluate(
        "[document.querySelector('.desk').scrollWidth, document.querySelector('.desk').clientWidth]"
    )
    assert wide[0] <= wide[1] + 1
    assert page.evaluate(CONTRAST) == []
