"""Whatever interrupts a write, the old file stays, the message names it, and nothing is left beside it."""

import ast
import csv
import errno
import html
import os
import re
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

import analysis as an
from analysis.compare.robustness.cache import Cache
from analysis.compare.robustness.measures import FIGURES
from analysis.corpus import files
from analysis.frames.coders.record import Record
from analysis.frames.coding.certificate import Certificate
from analysis.frames.coding.sheets import workbook
from analysis.frames.formats.files import FORMATS
from analysis.frames.formats.read_yaml import parsed
from analysis.show.characters import safe_text
from analysis.show.deposit import write_deposit
from analysis.show.desk.coding import CodesFile
from analysis.show.desk.evidence import gathered
from analysis.show.report.formats import write_page
from analysis.show.starter import write_starter
from analysis.study.study import run_study

ARTICLES = pd.DataFrame({"doc_id": ["a"], "outlet": "DW", "text": ["Russia and China trade gas."]})
LEXICON = parsed("frames: {trade: [gas, oil], trust: [partner*]}", "own.yaml")
TEXT = "Russia and China trade gas."
PAGE = "<p>Russia and China trade gas.</p>"


def desk(path):
    passages = an.passages(ARTICLES, about=None)
    evidence = gathered(ARTICLES, an.find_frames(passages, LEXICON), passages=passages, lexicon=LEXICON)
    CodesFile(path).write(evidence, {passages["passage_id"][0]: {"trade": 1}})


def lexicon(path, name):
    an.write_lexicon(LEXICON, path, format=name)


WRITERS = {
    "a.csv": partial(an.write_table, ARTICLES),
    "a.parquet": partial(an.write_table, ARTICLES),
    **{f"{name}{kind.suffixes[-1]}": partial(lexicon, name=name) for name, kind in FORMATS.items()},
    "own.yaml": partial(an.write_lexicon, LEXICON),
    "report.html": lambda path: write_page(PAGE, path, "html"),
    "report.md": lambda path: write_page(PAGE, path, "md"),
    "report.docx": lambda path: write_page(PAGE, path, "docx"),
    "codes.csv": desk,
    "certificate.json": Certificate().write,
}
FULL = OSError(errno.ENOSPC, "No space left on device")
REFUSED = PermissionError(errno.EACCES, "Permission denied")


class Short:
    """A new file that takes half of what is written, and no more."""

    def __init__(self, file):
        self.file = file

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def write(self, data):
        self.file.write(data[: len(data) // 2])
        raise FULL


def opening(made):
    """``Path.open`` as it is, but for files that must be new."""
    usual = Path.open

    def opened(path, mode="r", *more, **options):
        return made(partial(usual, path, mode)) if "x" in mode else usual(path, mode, *more, **options)

    return opened


def raising(error):
    def fail(*_, **__):
        raise error

    return fail


FAULTS = {
    "no room to begin": (Path, "open", opening(raising(FULL))),
    "a short write": (Path, "open", opening(lambda usual: Short(usual()))),
    "no room at the end": (files.os, "fsync", raising(FULL)),
    "rights that cannot be copied": (files.shutil, "copymode", raising(REFUSED)),
    "no permission to replace": (files.os, "replace", raising(REFUSED)),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", WRITERS)
def test_a_write_that_fails_leaves_the_old_file(name, fault, tmp_path, monkeypatch):
    if name.endswith((".md", ".docx")):
        pytest.importorskip("pypandoc")
    path = tmp_path / name
    path.write_bytes(b"old")
    monkeypatch.setattr(*FAULTS[fault])
    with pytest.raises(OSError, match=r"the file cannot be written\. (No space left|Permission denied)") as failed:
        WRITERS[name](path)
    assert str(failed.value).startswith(f"{path}: ")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [(name, b"old")]
    monkeypatch.undo()
    WRITERS[name](path)
    assert path.read_bytes() != b"old"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_result_that_cannot_be_kept_is_a_warning_and_the_old_one_stays(fault, tmp_path, monkeypatch):
    kept, figures = Cache(tmp_path, "origin"), dict.fromkeys(FIGURES, 0.1)
    kept.save({"k": 1}, figures)
    monkeypatch.setattr(*FAULTS[fault])
    with pytest.warns(UserWarning, match=r"^robustness: results cannot be kept in "):
        kept.save({"k": 1}, figures)
    monkeypatch.undo()
    assert Cache(tmp_path, "origin").load({"k": 1}) == figures
    assert len(list(tmp_path.iterdir())) == 1


def to_folders():
    """What writes several files into a folder, by name."""
    articles = pd.concat([ARTICLES.assign(doc_id=name, story_id=name, copy_of=None, date=None) for name in "abc"])
    articles = an.clean(articles.reset_index(drop=True).assign(title=""))
    passages = an.passages(articles, about=None)
    codes = passages.assign(coder="m", label="trade", code=1)
    return {
        "sheets": lambda folder: an.sample_to_code(passages, LEXICON, articles=articles, n=2, path=folder),
        "queue": lambda folder: an.next_to_code(passages, codes, articles=articles, n=2, path=folder),
        "starter": write_starter,
        "deposit": lambda folder: write_deposit(articles, LEXICON, folder),
        "study": lambda folder: run_study(folder.parent / "articles.csv", folder, LEXICON),
    }


@pytest.mark.parametrize("name", ["sheets", "queue", "starter", "deposit", "study"])
def test_of_many_files_each_is_there_in_full_or_not_at_all(name, tmp_path, monkeypatch):
    an.write_table(ARTICLES, tmp_path / "articles.csv")
    write, flush, left = to_folders()[name], os.fsync, [1 << 30]

    def counted(number):
        left[0] -= 1
        return flush(number) if left[0] >= 0 else raising(FULL)()

    monkeypatch.setattr(files.os, "fsync", counted)
    write(tmp_path / "whole")
    whole, number = contents(tmp_path / "whole"), (1 << 30) - left[0]
    assert number >= 3
    for fault in {0, 1, number // 2, number - 1}:
        left[0] = fault
        with pytest.raises(OSError, match=r"cannot be written\. No space left on device\."):
            write(tmp_path / f"{fault}")
        found = contents(tmp_path / f"{fault}")
        assert len(found) == fault
        assert {path: whole[path] for path in found} == found


def contents(folder):
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


WRITING = {"write_text", "write_bytes", "savefig", "to_excel", "to_feather", "to_pickle"}
OTHERS = {  # what else writes: to scratch folders, to memory, a lock, and lines that are only added
    "corpus/files.py", "corpus/readers/archive.py", "show/report/formats.py", "show/report/pictures.py",
    "study/kept.py", "frames/coders/record.py",
}  # fmt: skip


def test_nothing_else_writes_files():
    root, found = Path(an.__file__).parent, set()
    for path in root.rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            modes = [
                one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            opens = name == "open" and any(
                mode.strip("rbt+")[:1] in ("w", "a", "x") for mode in modes if len(mode) < 4
            )
            if name in WRITING or opens:
                found.add(path.relative_to(root).as_posix())
    assert found == OTHERS


@pytest.mark.parametrize("fault", ["no room at the end", "a short write"])
def test_a_reply_that_cannot_be_kept_leaves_the_record_whole(fault, tmp_path, monkeypatch):
    kept = Record(tmp_path / "replies", "book")
    kept.open()
    kept.add({"key": "a", "reply": "{}"})
    file = kept.file
    if fault == "a short write":
        kept.file = Short(file)
        kept.file.fileno, kept.file.truncate = file.fileno, file.truncate
    else:
        monkeypatch.setattr(files.os, "fsync", raising(FULL))
    with pytest.raises(
        OSError, match=r"^.*replies: the record cannot be written\. No space left on device\. What it "
    ):
        kept.add({"key": "b", "reply": "{}"})
    monkeypatch.undo()
    kept.file = file
    kept.add({"key": "c", "reply": "{}"})
    kept.close()
    assert list(Record(tmp_path / "replies", "book").entries) == ["a", "c"]


KILLED = """
import os, sys
from pathlib import Path
from analysis.corpus import files

def killed(usual, after):
    def step(*given, **more):
        done = usual(*given, **more) if after else None
        os._exit(9)
    return step

where, name, after, path = sys.argv[1:]
place = {"path": Path, "os": files.os}[where]
if name == "scratch":
    with files.scratch() as folder:
        (folder / "a.txt").write_text("x")
        os._exit(9)
setattr(place, name, killed(getattr(place, name), after == "after"))
files.write_whole(path, "new")
"""


@pytest.mark.parametrize(
    ("where", "name", "when", "kept"),
    [
        ("path", "open", "before", "old"),
        ("path", "open", "after", "old"),
        ("os", "fsync", "before", "old"),
        ("os", "replace", "before", "old"),
        ("os", "replace", "after", "new"),
    ],
)
def test_after_a_kill_the_file_is_the_old_or_the_new_one_and_the_next_start_tidies(
    where, name, when, kept, tmp_path
):
    path = tmp_path / "a.txt"
    path.write_text("old")
    (tmp_path / ".outlet-framing-notours.part").write_text("another's")
    assert killed(where, name, when, path).returncode == 9
    assert path.read_text() == kept
    files.clear_left_behind.cache_clear()
    files.write_whole(path, "again")
    assert sorted(one.name for one in tmp_path.iterdir()) == [".outlet-framing-notours.part", "a.txt"]


def test_temporary_folders_of_a_killed_process_go_at_the_next_start(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "gettempdir", lambda: str(tmp_path))
    assert killed("os", "scratch", "", tmp_path / "a.txt", TMPDIR=str(tmp_path)).returncode == 9
    assert len(list(tmp_path.iterdir())) == 1
    files.clear_left_behind.cache_clear()
    with files.scratch():
        assert len(list(tmp_path.iterdir())) == 0  # its own is elsewhere
    monkeypatch.undo()
    files.clear_left_behind.cache_clear()


def killed(*arguments, **environment):
    code = [sys.executable, "-c", KILLED, *map(str, arguments)]
    return subprocess.run(
        code, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}, check=False
    )


HOSTILE = [
    "<script>alert(1)</script>", "[a](javascript:alert(1))", "<img src=x onerror=alert(1)>", "![a](https://evil.example/x)",
    "=HYPERLINK(1)", "＋1+cmd|' /C calc'!A0", "\t-2+3", "\x1b]0;owned\x07", "\u202egpj.exe", "[a]: javascript:x",
]  # fmt: skip
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


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
    for at, name in enumerate(HOSTILE):
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
