"""No name from the articles, a lexicon or a codebook runs in what is written, or steers the terminal."""

import csv
import html
import os
import re
import subprocess
import sys
import zipfile

import pandas as pd
import pytest

import analysis as an
from analysis.frames.coding.sample import workbook
from analysis.show.characters import safe_text
from analysis.show.report.formats import write_page

TEXT = "Russia and China trade gas."


HOSTILE = [
    "<script>alert(1)</script>", "[a](javascript:alert(1))", "<img src=x onerror=alert(1)>", "![a](https://evil.example/x)",
    "=HYPERLINK(1)", "＋1+cmd|' /C calc'!A0", "\t-2+3", "\x1b]0;owned\x07", "\u202egpj.exe", "[a]: javascript:x",
]  # fmt: skip
STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\U000e0000-\U000e007f]"
)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_runs_in_a_table_or_sheet(name, tmp_path):
    table = pd.DataFrame({name: [name], "outlet": [name]})
    cells = next(csv.reader([an.write_table(table, tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[0]]))
    rows = csv.reader((tmp_path / "a.csv").read_text("utf-8-sig").splitlines())
    assert not [cell for row in rows for cell in [*row, *cells] if re.match(r"\s*[=+\-@＝＋－＠]", cell)]
    passages = pd.DataFrame({"passage_id": ["p"], "text": [name]})
    (tmp_path / "a.xlsx").write_bytes(workbook(passages, {name: name}, name))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        parts = [book.read(part).decode() for part in book.namelist() if part.endswith((".xml", ".rels"))]
    assert not [part for part in parts if "<f>" in part or "<hyperlink" in part]


@pytest.mark.parametrize("sign", "=@＝﹦﹢﹫")
@pytest.mark.parametrize("before", ["\0", "\x1f", "\t", "\xad", "\u061c", "\u200b", "\u2060", "\u3000", "\ufeff"])
def test_no_formula_begins_after_what_a_spreadsheet_drops(before, sign, tmp_path):
    text = f"{before}{sign}1+1"
    path = an.write_table(pd.DataFrame({"outlet": "DW", f"{text}c": [text]}), tmp_path / "a.csv")
    assert path.read_bytes().decode().count(f"'\u2060{sign}1+1") == 2
    assert an.read_table(path).to_dict("list") == {f"{text}c": [text], "outlet": ["DW"]}


@pytest.mark.parametrize("kind", ["md", "docx"])
def test_no_name_runs_in_a_report_for_other_programs(kind, tmp_path):
    pytest.importorskip("pypandoc")
    page = "".join(f"<p>{html.escape(safe_text(name))}</p>" for name in HOSTILE)
    write_page(page, tmp_path / f"a.{kind}", kind)
    if kind == "md":
        text = (tmp_path / "a.md").read_text("utf-8")
        assert not re.search(r"(?<!\\)<[a-z/!]|(?<!\\)\]\(|^\[[^\]\\]*\]:", text, re.I | re.M)
        assert not STEERING.search(text)
        return
    with zipfile.ZipFile(tmp_path / "a.docx") as document:
        links = document.read("word/_rels/document.xml.rels").decode()
    assert "javascript" not in links
    assert "evil.example" not in links


def test_no_name_steers_the_terminal(tmp_path):
    for at, name in enumerate([*HOSTILE, "\u061cALM", "\u2028line", "\ufffanote", "\U000e0041tag", "\u206dshape"]):
        folder = tmp_path / "given" / name.replace("/", "").replace("\x07", "")
        folder.mkdir(parents=True)
        pd.DataFrame({"outlet": [name], "title": name, "text": TEXT}).to_csv(folder / f"{at}.csv", index=False)
        (folder / "b.csv").write_bytes(b"\x00\x01")
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "summarize", tmp_path / "given"], capture_output=True, text=True,
        check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert "owned" in done.stdout
    assert not STEERING.search((done.stdout + done.stderr).replace("\n", ""))


SPACED = [" trade", "trade\t", "tr\tade", "tr  ade", "\u00a0trade", "\0trade", "trade\u200b", "\u202etrade"]


@pytest.mark.parametrize("name", SPACED)
def test_no_frame_heads_a_column_that_a_spreadsheet_would_not_give_back(name, tmp_path):
    lexicon = an.Lexicon(name="own", frames=[name], entries=[an.Entry("gas", frame=name, match=["gas"])])
    articles = pd.DataFrame({"doc_id": ["a"], "outlet": "DW", "text": TEXT})
    with pytest.raises(ValueError, match=re.escape(f"the frame {name!r} cannot be the name of a column: ")):
        an.sample_to_code(an.passages(articles, about=None), lexicon, articles=articles, n=1, path=tmp_path / "c")
