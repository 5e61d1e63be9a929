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


def test_the_f1_of_the_claims_are_those_of_the_certificates():
    claims = (ROOT / "docs/claims.md").read_text("utf-8")
    shown = [", ".join(map(as_printed, one.table["f1"])) for one in an.read_certificates("russia-china")]
    assert [said for said in shown if said not in " ".join(claims.split())] == []


def test_what_the_judge_sets_aside_is_what_was_counted():
    source = (ROOT / "analysis/corpus/judge.py").read_text("utf-8").partition("STRICT =")[0]
    counts = re.findall(r"(\d+)\s+of\s+(\d+)", source.replace("\n#", " "))[:4]
    aside, lost, unseen, missed = (round(100 * int(part) / int(whole)) for part, whole in counts)
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert re.search(
        rf"aside {aside} of 100 sentences that are not about [\w ]+, and {lost} of 100 that are;", readme
    )
    assert re.search(rf" {unseen} and {missed} of 100\. Model and figures", readme)
