"""The report for every reader: both widths and themes, axe-core, the first screen, links, keyboard."""

from pathlib import Path

import axe_playwright_python
import matplotlib
import pytest

import analysis as an
from browser.tricky import corpus

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
FOUND = "async () => (await axe.run()).violations.map((one) => [one.id, one.nodes.map((node) => node.html)])"
SIZES = {"desktop": (1400, 1000), "phone": (390, 844)}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    matplotlib.use("agg")
    names = {"Tricky": corpus(), "Again": corpus().iloc[:8]}
    return an.report(names, tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture(params=["light", "dark"])
def theme(request):
    return request.param


@pytest.fixture(params=SIZES)
def page(request, report, watched, theme):
    width, height = SIZES[request.param]
    page = watched(theme=theme, width=width, height=height).page
    page.goto(report.as_uri())
    page.wait_for_selector(".desk .card")
    return page


def test_axe_finds_nothing(page):
    page.evaluate(AXE)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert page.evaluate(FOUND) == []
    desk = page.locator(".desk").first
    for tab in ("Topics", "Terms"):
        desk.get_by_role("tab", name=tab).click()
        desk.locator(".grid").wait_for()
        assert page.evaluate(FOUND) == []
    desk.get_by_role("tab", name="Frames").click()
    desk.locator(".card .open").first.click()
    desk.locator(".headline").wait_for()
    assert page.evaluate(FOUND) == []


def test_the_first_screen_ends_with_the_way_to_the_passages(page):
    """The first chapter's; the page is never wider than the window."""
    assert page.locator(".way").first.evaluate("way => way.getBoundingClientRect().bottom <= innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_links_lead_to_sections_or_to_the_web(page):
    links = page.locator("a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    assert links
    assert all(one.startswith(("#", "https://", "http://")) for one in links)
