import re
from pathlib import Path

import pytest

import analysis as an
from analysis.numbers import as_printed
from tests.data import framing

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("docs/*.md")), ROOT / "README.md", *ROOT.glob("analysis/show/starter/*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_name_what_is_there(page):
    text = page.read_text("utf-8")
    assert {name for name in re.findall(r"\ban\.(\w+)", text) if not hasattr(an, name)} == set()
    for command, options in re.findall(
        r"framing (init|report|summarize|certify|deposit|verify)\b([^`\n#]*)", text
    ):
        known = framing(command, "--help").output
        assert [option for option in re.findall(r"--[a-z-]+", options) if option not in known] == []


def test_files_that_pages_name_are_there():
    named = re.findall(r"`([A-Z_]+(?:\.md|\.cff)?|docs/\S+\.md)`", (ROOT / "docs/review.md").read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_one_version_stands_everywhere():
    project = re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)[1]
    cited = re.search(r"^version: (.*)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)[1]
    newest = re.search(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)[1]
    assert (cited, newest) == (project, project)


def test_figures_of_pages_are_those_that_were_measured():
    """F1 from the certificates that ship, shares of sentences from the counts beside the judge's constant."""
    claims = " ".join((ROOT / "docs/claims.md").read_text("utf-8").split())
    for certificate in an.read_certificates("russia-china"):
        said = ", ".join(as_printed(value) for value in certificate.table["f1"])
        assert re.search(rf"\b{certificate.n} .*{re.escape(said)}", claims), said
    source = (ROOT / "analysis/corpus/judge.py").read_text("utf-8").partition("STRICT =")[0]
    counts = re.findall(r"(\d+)\s+of\s+(\d+)", source.replace("\n#", " "))[:4]
    aside, lost, unseen, missed = (round(100 * int(part) / int(whole)) for part, whole in counts)
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    said = f"{aside} of 100 sentences that are not about Russia and China, and {lost} of 100 that are"
    assert said in readme
    assert f"{unseen} and {missed}. Model and figures" in readme
