"""The desk in a real JupyterLab: clicks, keys, filters, marks, and the way back to Python."""

from pathlib import Path

import pytest

from browser.checks import CONTRAST
from browser.conftest import watch_on

MADE = """
import analysis as an, pandas as pd, sys
sys.path.insert(0, {here!r})
from browser.tricky import corpus
articles = an.mark_copies(an.clean(corpus()))
passages = an.passages(articles)
lexicon = an.read_lexicon("russia-china")
hits = an.find_frames(passages, lexicon)
topics = pd.DataFrame({{"t1": [.9, .8, .7, .2, .1, .5, .4]}}, index=articles.doc_id).assign(t2=lambda t: 1 - t.t1)
"""
# names that are code in a page, or in a script's own tables
HOSTILE = """
from analysis.frames.formats.read_yaml import parsed
name = "<img src=x onerror=alert('o')>\\u202e"
lex = parsed("{name: x, frames: {constructor: [gas, __proto__], __proto__: [trade]}}", "x.yaml")
table = corpus().assign(title=name, agency=name)
table["outlet"] = table["outlet"].replace({"DW": name, "RT": "__proto__"})
read = an.passages(table, about=None)
desk = an.explore(table, an.find_frames(read, lex), passages=read, lexicon=lex)
"""
FITS = "[...document.querySelectorAll('.desk .grid-scroll')].every((grid) => grid.scrollWidth <= grid.clientWidth)"
DESK = "desk = an.explore(articles, hits, passages=passages, lexicon=lexicon, topics=topics)\ndesk"


@pytest.fixture(scope="module")
def notebook(lab, browser):
    """One notebook and one kernel for all tests here; each makes its own desk."""
    watch = watch_on(browser, viewport={"width": 1400, "height": 1000})
    page = lab.open(watch, "desk", [DESK])
    assert lab.run(page, MADE.format(here=str(Path(__file__).parents[1]))) == ""
    yield watch
    page.context.close()


@pytest.fixture
def opened(lab, notebook):
    """The page with a desk on which nothing was done yet."""
    page = notebook.page
    notebook.asked.clear()
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    lab.run_cells(page)
    page.locator(".desk .card").first.wait_for()
    page.locator(".desk").scroll_into_view_if_needed()
    yield notebook, page
    notebook.check()


def cell(page, outlet, label):
    return page.locator(f".desk td[aria-label^='{outlet}, {label}']")


def count(page):
    return page.locator(".desk h3 .count").inner_text()


def settled(page, words):
    page.locator(".desk h3 .count", has_text=words).wait_for()


def test_clicks_marks_and_the_way_back_to_python(lab, opened):
    watch, page = opened
    watch.shot("lab-light")
    cell(page, "TASS", "alliance").click()
    settled(page, "2 passages")
    assert cell(page, "TASS", "alliance").get_attribute("aria-selected") == "true"
    page.locator(".desk .card .no >> nth=0").click()
    page.locator(".desk .judge.said").wait_for()
    watch.shot("lab-marked")
    lab.until(page, "desk.selection['outlet'] == 'TASS' and desk.selection['label'] == 'alliance'")
    assert lab.told(page, "desk.codes['alliance'].tolist()") == [0]
    assert lab.told(page, "desk.codes['economy'].isna().tolist()") == [True]  # nobody judged it
    page.locator(".desk .judge.said .yes").first.click()
    page.locator(".desk .judge.said .yes[aria-pressed=true]").first.wait_for()
    assert lab.told(page, "desk.codes['alliance'].tolist()") == [1]
    page.locator(".desk .judge.said .link", has_text="take back").click()
    page.locator(".desk .judge.said").wait_for(state="detached")
    assert lab.told(page, "len(desk.codes)") == 0


def test_what_the_page_knows_does_not_travel(opened):
    watch, page = opened
    assert watch.asked == []  # the first answers came with the desk
    for label in ("alliance", "economy", "alliance"):
        cell(page, "TASS", label).click()
        page.locator(".desk h3", has_text=label).wait_for()
    assert len(watch.asked) == 2
    page.locator(".desk .card .yes").first.click()
    page.locator(".desk .judge.said").wait_for()
    cell(page, "TASS", "economy").click()
    page.locator(".desk h3", has_text="economy").wait_for()
    assert len(watch.asked) == 4  # after a change all is asked again


def test_an_entry_silenced_or_added_moves_the_shares(lab, opened):
    watch, page = opened
    cell(page, "BBC", "economy").click()
    settled(page, "1 passage")
    before = cell(page, "BBC", "economy").locator(".share").inner_text()
    page.locator(".desk .entry .mute >> nth=0").click()
    page.locator(".desk .moved").first.wait_for()
    assert cell(page, "BBC", "economy").locator(".share").inner_text() != before
    ((frame, _),) = lab.told(page, "desk.silenced")
    assert frame == "economy"
    page.locator(".desk .entry.silenced").click()
    page.locator(".desk .moved").first.wait_for(state="detached")
    page.locator(".desk .add input").fill("rained (")
    page.locator(".desk .add button").click()
    page.locator(".desk .status.wrong", has_text="cannot read '('").wait_for()
    page.locator(".desk .add input").fill("china and russia")
    page.locator(".desk .add button").click()
    page.locator(".desk .moved").first.wait_for()
    watch.shot("lab-added")
    assert lab.told(page, "desk.added") == [["economy", "china and russia"]]


def test_python_sets_what_is_shown(lab, opened):
    _, page = opened
    lab.run(page, "desk.selection = {'outlet': 'TASS', 'label': 'economy', 'filters': {'search': 'gas'}}")
    settled(page, "2 passages")
    assert page.locator(".desk [data-filter=search]").input_value() == "gas"
    lab.run(page, "desk.silenced = [('economy', desk._bench.evidence.hits.entry.iat[0])] and []")
    lab.run(page, "desk.selection = {'article': 'd1', 'other': ''}")
    page.locator(".desk .headline", has_text="Ties deepen again").wait_for()


def test_filters_and_search(opened):
    watch, page = opened
    every = count(page)
    page.locator(".desk [data-filter=search]").fill("strategic partner*")
    page.keyboard.press("Enter")
    settled(page, "3 passages")
    assert page.locator(".desk .found").count() >= 3
    assert "of" in page.locator(".desk .status").inner_text()
    page.locator(".desk [data-filter=outlet]").select_option("TASS")
    settled(page, "1 passage")
    page.locator(".desk .clear").click()
    settled(page, every)
    page.locator(".desk [data-filter=since]").fill("2017-02-04")
    page.keyboard.press("Enter")
    page.locator(".desk [data-filter=outlet]").focus()
    settled(page, "6 passages")
    page.locator(".desk [data-filter=search]").fill("gas (")
    page.keyboard.press("Enter")
    page.locator(".desk .status.wrong").wait_for()
    watch.shot("lab-refused")


def test_keys_alone_lead_from_a_number_to_its_article_and_back(opened):
    _, page = opened
    focused = "document.activeElement.getAttribute('aria-label') || document.activeElement.className"
    page.locator(".desk .grid [tabindex='0']").focus()
    first = page.evaluate(focused)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(focused) == first
    page.keyboard.press("Enter")
    page.wait_for_selector(".desk td[aria-selected=true]")
    page.locator(".desk h3 bdi").first.wait_for()  # the list is that of the cell
    page.locator(".desk .card[tabindex='0']").focus()
    page.keyboard.press("y")
    page.locator(".desk .judge.said").wait_for()
    page.keyboard.press("Enter")
    page.locator(".desk .headline").wait_for()
    page.wait_for_function("document.activeElement.className === 'headline'")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.classList.contains('card')")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.dataset.filter") == "search"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "gridcell"
    assert page.locator(".jp-Notebook .jp-Cell").count() == 1  # none of these keys reached the notebook


def test_topics_terms_copies_and_boilerplate(lab, opened):
    watch, page = opened
    page.locator(".desk [role=tab]", has_text="Topics").click()
    page.wait_for_selector(".desk table.topics")
    cell(page, "TASS", "t1").click()
    settled(page, "2 articles")
    page.locator(".desk [role=tab]", has_text="Terms").click()
    page.wait_for_selector(".desk td.term")
    page.locator(".desk td.term").first.click()
    page.locator(".desk .found").first.wait_for()
    lab.run(page, "desk.selection = {'article': 'd1'}")
    page.locator(".desk .compare").first.click()
    page.locator(".desk .sides").wait_for()
    assert page.locator(".desk .sides .change").count() > 0
    watch.shot("lab-copies")
    lab.run(page, "desk.selection = {'article': 'd6'}")
    page.locator(".desk .headline", has_text="Boilerplate").wait_for()
    assert "leave a reply" in page.locator(".desk .whole .removed").first.inner_text()


def test_strangers_text_neither_runs_nor_breaks_the_page(opened):
    watch, page = opened
    cell(page, "DW", "alliance").click()
    settled(page, "1 passage")
    page.locator(".desk .card .text").first.click()
    page.locator(".desk .headline").wait_for()
    watch.shot("lab-hostile")
    assert "<script>alert('s')</script>" in page.locator(".desk .whole").inner_text()
    assert page.locator(".desk script, .desk img, .desk .whole svg").count() == 0
    assert page.locator(".desk .sign").all_inner_texts()[:2] == ["RLO", "PDF"]
    assert "more letters" in page.locator(".desk .whole .left-out").first.inner_text()
    links = page.locator(".desk a").evaluate_all("all => all.map(a => [a.protocol, a.rel])")
    assert all(link == ["https:", "noopener noreferrer nofollow"] for link in links)
    width = page.evaluate(
        "[document.querySelector('.desk').scrollWidth, document.querySelector('.desk').clientWidth]"
    )
    assert width[0] <= width[1] + 1


def test_names_that_are_code_are_only_names(lab, notebook):
    page = notebook.page
    assert lab.run(page, HOSTILE) == ""
    assert lab.run(page, "what = desk") == ""
    page.evaluate("jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.setSource('what')")
    lab.run_cells(page)
    page.locator(".desk th", has_text="constructor").wait_for()
    for label in ("constructor", "__proto__"):
        cell(page, "__proto__", label).click()
        page.locator(".desk h3 bdi >> nth=1", has_text=label).wait_for()
    page.locator(".desk th[role=rowheader]", has_text="<img").click()
    page.locator(".desk .card header b", has_text="<img").first.wait_for()
    page.locator(".desk .entry .mute").first.click()
    page.locator(".desk .entry.silenced").wait_for()
    page.locator(".desk [data-filter=outlet]").select_option("__proto__")
    page.locator(".desk [data-filter=until]").fill("2001-01-01")
    page.locator(".desk [data-filter=search]").focus()
    page.locator(".desk .empty").wait_for()
    notebook.shot("lab-names")
    assert page.locator(".desk img, .desk script").count() == 0
    page.evaluate(f"jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.setSource({DESK!r})")
    notebook.check()


def test_python_is_told_what_cannot_be_shown(lab, opened):
    _, page = opened
    wrong = lab.run(page, "desk.selection = {'outlet': 'CNN'}")
    assert wrong == "selection: 'CNN' is not a known outlet. Use one of: BBC, DW, RT, TASS."
    assert lab.run(page, "desk.selection = {'passage': 'z:0'}") == "selection: passage 'z:0' is not at this desk."


def test_many_topics_fit_beside_the_list(lab, opened):
    watch, page = opened
    made = "desk = an.explore(articles, hits, passages=passages, topics=pd.DataFrame({f'topic {i:02}': .1 for i in"
    assert (
        lab.run(page, f"{made} range(10)}}, index=articles.doc_id)); desk.selection = {{'view': 'topics'}}") == ""
    )
    page.evaluate("jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.setSource('desk')")
    lab.run_cells(page)
    page.locator(".desk table.topics.many").wait_for()
    for width in (1400, 1100):
        page.set_viewport_size({"width": width, "height": 1000})
        page.wait_for_function(FITS)
        watch.shot(f"lab-topics-{width}")
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.evaluate(f"jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.setSource({DESK!r})")


def test_a_dark_lab_has_a_dark_desk(opened):
    watch, page = opened
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    page.wait_for_selector(".desk[data-theme=dark]")
    hint = "getComputedStyle(document.querySelector('.desk [type=search]'), '::placeholder').color"
    assert page.evaluate(hint) == "rgb(167, 177, 186)"  # --muted on a dark page, not the notebook's own colour
    watch.shot("lab-dark")
    poor = page.evaluate(CONTRAST)
    assert poor == []
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    page.wait_for_selector(".desk[data-theme=light]")
    assert page.evaluate(CONTRAST) == []
