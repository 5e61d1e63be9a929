"""The desk in a real JupyterLab: clicks, keys, filters, marks, and the way back to Python."""

from browser.checks import CONTRAST

START = """
import analysis as an, pandas as pd, sys
sys.path.insert(0, {here!r})
from browser.tricky import corpus
articles = an.mark_copies(an.clean(corpus()))
passages = an.passages(articles)
lexicon = an.load_lexicon("russia-china")
hits = an.find_frames(passages, lexicon)
topics = pd.DataFrame({{"t1": [.9, .8, .7, .2, .1, .5, .4]}}, index=articles.doc_id).assign(t2=lambda t: 1 - t.t1)
desk = an.explore(articles, hits, passages=passages, lexicon=lexicon, topics=topics)
desk
"""


def opened(lab, watched, name, request, **look):
    watch = watched(**look)
    page = lab.open(watch, name, [START.format(here=str(request.path.parent))])
    page.wait_for_selector(".desk .card", timeout=60_000)
    page.locator(".desk").scroll_into_view_if_needed()
    return watch, page


def cell(page, outlet, label):
    return page.locator(f".desk td[aria-label^='{outlet}, {label}']")


def count(page):
    return page.locator(".desk h3 .count").inner_text()


def settled(page, words):
    page.locator(".desk h3 .count", has_text=words).wait_for(timeout=5_000)


def test_clicks_marks_and_the_way_back_to_python(lab, watched, request):
    watch, page = opened(lab, watched, "clicks", request)
    watch.shot("lab-light")
    cell(page, "TASS", "alliance").click()
    settled(page, "2 passages")
    assert cell(page, "TASS", "alliance").get_attribute("aria-selected") == "true"
    page.locator(".desk .card .no >> nth=0").click()
    page.locator(".desk .judge.said").wait_for()
    watch.shot("lab-marked")
    assert lab.run(page, "[desk.selection['outlet'], desk.selection['label']]") == ["TASS", "alliance"]
    coded = lab.run(page, "desk.codes[['alliance', 'economy']].values.tolist()")
    assert len(coded) == 1
    assert coded[0][0] == 0
    assert lab.run(page, "an.validate(lexicon, desk.codes)['n'].tolist()") == [1, 1, 1]


def test_an_entry_silenced_or_added_moves_the_shares(lab, watched, request):
    watch, page = opened(lab, watched, "lexicon", request)
    cell(page, "BBC", "economy").click()
    settled(page, "1 passage")
    before = cell(page, "BBC", "economy").locator(".share").inner_text()
    page.locator(".desk .entry .mute >> nth=0").click()
    page.locator(".desk .moved").first.wait_for()
    assert cell(page, "BBC", "economy").locator(".share").inner_text() != before
    ((frame, _),) = lab.run(page, "desk.silenced")
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
    assert lab.run(page, "desk.added") == [["economy", "china and russia"]]


def test_python_sets_what_is_shown(lab, watched, request):
    _, page = opened(lab, watched, "setting", request)
    lab.run(
        page, "desk.__setattr__('selection', {'outlet': 'TASS', 'label': 'economy', 'filters': {'search': 'gas'}})"
    )
    settled(page, "2 passages")
    assert page.locator(".desk [data-filter=search]").input_value() == "gas"
    lab.run(page, "desk.__setattr__('silenced', [('economy', desk._bench.evidence.hits.entry.iat[0])] and [])")
    lab.run(page, "desk.__setattr__('selection', {'article': 'd1', 'other': ''})")
    page.locator(".desk .headline", has_text="Ties deepen again").wait_for()


def test_filters_and_search(lab, watched, request):
    watch, page = opened(lab, watched, "filters", request)
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


def test_keys_alone_lead_from_a_number_to_its_article_and_back(lab, watched, request):
    _, page = opened(lab, watched, "keys", request)
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
    page.wait_for_timeout(300)
    page.locator(".desk .card[tabindex='0']").focus()
    page.keyboard.press("y")
    page.locator(".desk .judge.said").wait_for()
    page.keyboard.press("Enter")
    page.locator(".desk .headline").wait_for()
    assert page.evaluate("document.activeElement.className") == "headline"
    page.keyboard.press("Escape")
    page.locator(".desk .card").first.wait_for()
    page.wait_for_timeout(200)
    assert "card" in page.evaluate("document.activeElement.className")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.dataset.filter") == "search"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "gridcell"
    assert page.locator(".jp-Notebook .jp-Cell").count() == 1  # none of these keys reached the notebook


def test_topics_terms_copies_and_furniture(lab, watched, request):
    watch, page = opened(lab, watched, "views", request)
    page.locator(".desk [role=tab]", has_text="Topics").click()
    page.wait_for_selector(".desk table.topics")
    cell(page, "TASS", "t1").click()
    settled(page, "2 articles")
    page.locator(".desk [role=tab]", has_text="Terms").click()
    page.wait_for_selector(".desk td.term")
    page.locator(".desk td.term").first.click()
    page.locator(".desk .found").first.wait_for()
    lab.run(page, "desk.__setattr__('selection', {'article': 'd1'})")
    page.locator(".desk .compare").first.click()
    page.locator(".desk .sides").wait_for()
    assert page.locator(".desk .sides .change").count() > 0
    watch.shot("lab-copies")
    lab.run(page, "desk.__setattr__('selection', {'article': 'd6'})")
    page.locator(".desk .headline", has_text="Furniture").wait_for()
    assert "leave a reply" in page.locator(".desk .whole .removed").first.inner_text()


def test_strangers_text_neither_runs_nor_breaks_the_page(lab, watched, request):
    watch, page = opened(lab, watched, "hostile", request)
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


def test_a_dark_lab_has_a_dark_desk(lab, watched, request):
    watch, page = opened(lab, watched, "dark", request)
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    page.wait_for_selector(".desk[data-theme=dark]")
    watch.shot("lab-dark")
    poor = page.evaluate(CONTRAST)
    assert poor == []
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    page.wait_for_selector(".desk[data-theme=light]")
    assert page.evaluate(CONTRAST) == []
