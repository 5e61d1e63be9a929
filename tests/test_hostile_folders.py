"""Folders and files that come from somebody else: studies, deposits, records, codes, lexicons on a terminal."""

import hashlib
import json
import re
import shutil

import pandas as pd
import pytest

import analysis as an
from analysis.frames.coders.endpoint import answer, message
from analysis.frames.coders.record import Record, _sum
from analysis.frames.formats.read_yaml import parsed
from analysis.show.deposit import verify_deposit, write_deposit
from analysis.show.desk.coding import CodesFile
from analysis.show.desk.evidence import gathered
from analysis.study.study import open_study, run_study
from tests.data import framing

pytestmark = pytest.mark.usefixtures("undrawn")

LEXICON = parsed("frames: {trade: [gas, oil], trust: [partner*]}", "own.yaml")
THINGS = ("gas", "oil", "coal", "gas", "oil", "corn")
ARTICLES = pd.DataFrame({
    "doc_id": list("abcdef"), "outlet": ["DW", "RT"] * 3, "date": "2017-01-02", "title": "",
    "text": [f"Russia and China trade {thing} number {at}." for at, thing in enumerate(THINGS)],
})  # fmt: skip
DEEP = "[" * 200_000
DIGITS = '{"parts": ' + "9" * 6_000 + "}"
STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\U000e0000-\U000e007f]"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study and a deposit, as they are received."""
    folder = tmp_path_factory.mktemp("made")
    an.write_table(ARTICLES, folder / "a.csv")
    run_study(folder / "a.csv", folder / "study", LEXICON)
    write_deposit(an.mark_copies(an.clean(ARTICLES)), LEXICON, folder / "deposit")
    return folder


def received(made, tmp_path, name):
    return shutil.copytree(made / name, tmp_path / name)


def changed(path, **values):
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values), "utf-8")


@pytest.mark.parametrize("text", ["[]", "{}", "null", "NaN", DEEP, DIGITS, '{"parts": [1]}', "\udcff"])
@pytest.mark.parametrize("name", ["study.json", "merged.json"])
def test_a_study_with_another_manifest_is_not_opened_and_made_again(made, tmp_path, name, text):
    folder = received(made, tmp_path, "study")
    (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ValueError, match=r"study: the study is not finished\. Start framing run again"):
        open_study(folder)
    assert len(run_study(made / "a.csv", folder, LEXICON).articles) == len(ARTICLES)


@pytest.mark.parametrize("part", [{"path": "../../x"}, {"path": "/etc/x"}, {"name": "../x"}, {"name": 5}])
def test_a_study_whose_parts_lie_elsewhere_is_not_opened(made, tmp_path, part):
    folder = received(made, tmp_path, "study")
    (known,) = json.loads((folder / "study.json").read_text("utf-8"))["parts"]
    changed(folder / "study.json", parts=[known | part])
    with pytest.raises(ValueError, match=r"the study is not finished"):
        open_study(folder)


def test_the_lock_of_a_study_may_be_a_link_to_something_dear(made, tmp_path):
    folder = received(made, tmp_path, "study")
    (tmp_path / "dear.txt").write_text("mine")
    (folder / ".lock").unlink()
    (folder / ".lock").symlink_to(tmp_path / "dear.txt")
    run_study(made / "a.csv", folder, LEXICON)
    assert (tmp_path / "dear.txt").read_text() == "mine"


@pytest.mark.parametrize(
    "text", [b"", b"PAR1", b'{"key": 1, "files": {"articles": null}}'], ids=["empty", "cut off", "another form"]
)
def test_half_written_parts_are_made_again(made, tmp_path, text):
    folder, ending = received(made, tmp_path, "study"), ".json" if text.startswith(b"{") else ".parquet"
    for path in folder.rglob(f"*{ending}"):
        path.write_bytes(text)
    assert len(run_study(made / "a.csv", folder, LEXICON).articles) == len(ARTICLES)


def test_a_study_does_not_follow_links_out_of_its_source(tmp_path):
    (tmp_path / "news" / "DW").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("Russia and China keep a secret.")
    (tmp_path / "news" / "DW" / "a.txt").write_text("Russia and China trade.")
    (tmp_path / "news" / "DW" / "b.txt").symlink_to(tmp_path / "secret.txt")
    study = run_study(tmp_path / "news", tmp_path / "study", LEXICON)
    assert not [text for part in study.texts() for text in part["text"] if "secret" in text]


def file(name):
    return {"@graph": [{"@id": name, "@type": "File", "sha256": "x"}]}


@pytest.mark.parametrize(
    "held", [[], {"@graph": None}, {"@graph": "abc"}, file("../x"), file("/etc/x"), file("a\0b"), DEEP]
)
def test_a_deposit_with_another_manifest_is_not_one(made, tmp_path, held):
    folder = received(made, tmp_path, "deposit")
    (folder / "ro-crate-metadata.json").write_text(held if isinstance(held, str) else json.dumps(held))
    with pytest.raises(ValueError, match=r"this is not a deposit|names a file outside the deposit"):
        verify_deposit(folder)


@pytest.mark.parametrize("name", ["x" * 9_000, "figures", "nothing.csv"])
def test_a_listed_file_that_cannot_be_read_is_a_row(made, tmp_path, name):
    folder = received(made, tmp_path, "deposit")
    changed(folder / "ro-crate-metadata.json", **file(name))
    rows = verify_deposit(folder).set_index("what")
    assert not rows.loc[f"{name} is as deposited", "holds"]


def rehashed(folder):
    """The deposit, with the hashes of its files as they are now: its author is the attacker."""
    crate = json.loads((folder / "ro-crate-metadata.json").read_text("utf-8"))
    for part in crate["@graph"]:
        if part["@type"] == "File":
            part["sha256"] = hashlib.sha256((folder / part["@id"]).read_bytes()).hexdigest()
    (folder / "ro-crate-metadata.json").write_text(json.dumps(crate))
    return verify_deposit(folder)


HOW = [{"x": 1}, {"draws": 10**12}, {"draws": "x"}, {"seed": -5}]


@pytest.mark.parametrize(
    "values", [{"how": []}, {"control": 5}, {"control": ["none"]}, *({"how": one} for one in HOW)]
)
def test_a_deposit_with_other_settings_cannot_be_computed_again(made, tmp_path, values):
    folder = received(made, tmp_path, "deposit")
    usual = json.loads((folder / "settings.json").read_text("utf-8"))["how"]
    changed(folder / "settings.json", **{k: usual | v if isinstance(v, dict) else v for k, v in values.items()})
    assert "it can be computed again" in set(rehashed(folder).query("not holds")["what"])


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("articles.csv", "x\n1\n"),
        ("hits.csv", "doc_id,passage_id,start,end,frame,entry,negated\nz,z:0,0,1,f,x,False\n"),
    ],
)
def test_a_deposit_of_other_tables_cannot_be_computed_again(made, tmp_path, name, text):
    folder = received(made, tmp_path, "deposit")
    (folder / name).write_text(text)
    assert "it can be computed again" in set(rehashed(folder).query("not holds")["what"])


@pytest.mark.parametrize(
    "line", [DEEP, '{"a": ' + "9" * 6_000 + "}", "{}", json.dumps({"a": 1, "sum": _sum({"a": 1})})]
)
def test_a_record_with_another_line_is_refused_by_its_number(tmp_path, line):
    record = Record(tmp_path / "r.jsonl", "book")
    record.open()
    record.close()
    with (tmp_path / "r.jsonl").open("a") as added:
        added.write(f"{line}\n")
    with pytest.raises(ValueError, match=r"r\.jsonl: line 2 of the record is damaged\. Delete that line"):
        Record(tmp_path / "r.jsonl", "book")


def test_a_text_that_is_not_a_record_stays_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("mine\nwithout an end")
    with pytest.raises(ValueError, match=r"notes\.txt: not a record of replies"):
        Record(tmp_path / "notes.txt", "book").open()
    assert (tmp_path / "notes.txt").read_text() == "mine\nwithout an end"


def test_a_reply_nested_too_deep_is_no_answer():
    assert answer(DEEP).problem == "the server sent no chat completion"
    assert message(DEEP) == ""


@pytest.mark.parametrize("content", ["passage_id,trade\n".encode("utf-16"), b"", b"\xef\xbb\xbf", b"\xff\xfe\0"])
def test_codes_of_a_desk_that_cannot_be_read_are_one_sentence(tmp_path, content):
    passages = an.passages(ARTICLES, about=None)
    evidence = gathered(ARTICLES, an.find_frames(passages, LEXICON), passages=passages, lexicon=LEXICON)
    (tmp_path / "codes.csv").write_bytes(content)
    with pytest.raises(
        ValueError, match=r"codes\.csv: it holds no codes of a desk, or is damaged: .*stays as it is"
    ):
        CodesFile(tmp_path / "codes.csv").read(evidence)


OWNED = "\x1b]0;owned\x07"
YAML = r"""
name: "own\e]0;owned\a"
frames:
  trade: {meaning: "goods\e]0;owned\a", entries: [{name: "fuel\e]0;owned\a", match: [gas]}]}
  trust: ["partner*", "ally\e]0;owned\a q"]
"""
SHOWN = {
    "show": ["lexicon", "show", "own.yaml"],
    "check": ["lexicon", "check", "own.yaml"],
    "convert": ["lexicon", "convert", "own.dic", f"new{OWNED}.cat"],
    "losses": ["lexicon", "convert", "own.yaml", "new.dic"],
    "warned": ["lexicon", "show", "own.dic"],
    "report": ["report", "a.csv", "--lexicon", "own.yaml", "--no-pair", "-o", f"r{OWNED}.html"],
    "certify": ["certify", "a.csv", "--lexicon", "own.yaml", "--no-pair", "-n", "10"],
    "run": ["run", "a.csv", f"s{OWNED}", "--lexicon", "own.yaml", "--no-pair"],
    "init": ["init", f"new{OWNED}"],
    "summarize": ["summarize", f"b{OWNED}.csv"],
}


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", SHOWN)
def test_no_lexicon_and_no_path_steers_the_terminal(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    an.write_table(ARTICLES, "a.csv")
    shutil.copy("a.csv", f"b{OWNED}.csv")
    (tmp_path / "own.yaml").write_text(YAML)
    (tmp_path / "own.dic").write_text(f"%\n1\ttra{OWNED}de\n%\ngas{OWNED}\t1\noil\t1\n")
    done = framing(*SHOWN[name], given="y\nn\nq\n")
    shown = done.stdout + done.stderr
    assert "owned" in shown
    assert not STEERING.search(shown.replace("\n", ""))
