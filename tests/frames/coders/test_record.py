"""What is kept of a model's replies after a kill or damage, and where its key may be seen."""

import logging
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import analysis as an
from analysis.frames.coders.code import code
from analysis.frames.coders.codebook import Codebook
from tests.frames.coders.gold_server import PASSAGES, RECORD, study
from tests.frames.coders.server import completion, sending, serving, slowly
from tests.frames.coders.test_code import BOOK, SECRET, endpoint, some


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "replies.jsonl"


CHILD = """
import sys
from tests.frames.coders.test_code import BOOK, endpoint, some
from analysis.frames.coders.code import code
code(some(60), BOOK, model=endpoint(sys.argv[1], workers=1), record=sys.argv[2])
"""


def test_a_killed_run_goes_on_without_asking_twice(record: Path) -> None:
    with serving(slowly(0.02)) as served:
        killed = subprocess.Popen([sys.executable, "-c", CHILD, served.address, str(record)])
        while served.asked.total() < 15:
            time.sleep(0.01)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        answered = len(record.read_bytes().splitlines()) - 1
        with record.open("ab") as file:
            file.write(b'{"key": "cut in the mi')  # the line that was being written
        model = endpoint(served.address)
        done, again = (code(some(60), BOOK, model=model, record=record) for _ in range(2))
    twice = [text for text, times in served.asked.items() if times > 1]
    assert answered >= 13
    assert len(twice) <= 1  # only the one under way
    assert served.asked.total() == 60 + len(twice)
    assert done["code"].notna().all()
    assert again.equals(done)


def damaged(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[2].replace(b'"coder": "planted"', b'"coder": "altered"'), *lines[3:]]


OTHER = Codebook("War", {"war": "Any quarrel.", "peace": "Talks."})
BROKEN = {  # what happened to the lines, the codebook of the second run, what it says
    "another codebook": (list, OTHER, "this record belongs to another codebook"),
    "altered line": (damaged, BOOK, "line 3 of the record is damaged. Delete that line"),
    "half a line": (
        lambda lines: [*lines[:3], lines[3][:40], *lines[4:]],
        BOOK,
        "line 4 of the record is damaged",
    ),
    "another file": (lambda _: [b"passage_id,code"], BOOK, "not a record of replies"),
    "binary": (lambda _: [b"\x89PNG\r", b"\xff\xfe"], BOOK, "not a record of replies"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_record_that_cannot_be_used_is_one_sentence_and_stays(kind: str, record: Path) -> None:
    change, book, said = BROKEN[kind]
    with serving() as served:
        model = endpoint(served.address)
        code(some(), BOOK, model=model, record=record)
        content = b"\n".join([*change(record.read_bytes().splitlines()), b""])
        record.write_bytes(content)
        with pytest.raises(ValueError, match=said):
            code(some(), book, model=model, record=record)
    assert record.read_bytes() == content
    assert served.asked.total() == 5


def test_two_runs_do_not_write_one_record(record: Path) -> None:
    def nested(_: str) -> str:
        with pytest.raises(ValueError, match="another run is writing to this record"):
            code(some(2), BOOK, model={"other": str}, record=record)
        return ""

    code(some(1), BOOK, model=nested, record=record)


def test_no_key_is_one_sentence_and_asks_nothing(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MODEL_API_KEY", raising=False)
    with pytest.raises(ValueError, match=r"no key for https://models\.example/v1.*MODEL_API_KEY is empty"):
        code(some(), BOOK, model=endpoint("https://models.example/v1"), record=record)
    assert not record.exists()


@pytest.mark.parametrize(
    "address", ["localhost:1/v1", "http://me:sk-12345678@host/v1", "https://h/v1?key=sk-12345678"]
)
def test_an_address_that_is_not_valid_or_holds_a_key_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="Endpoint: ") as error:
        endpoint(address)
    assert "sk-12345678" not in str(error.value)


def test_a_key_in_place_of_its_name_is_refused_and_not_shown() -> None:
    with pytest.raises(ValueError, match="name of an environment variable") as error:
        endpoint("http://localhost/v1", key=SECRET)
    assert SECRET not in str(error.value)


def test_the_key_reaches_the_server_and_nothing_else(
    record: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MODEL_API_KEY", SECRET)
    caplog.set_level(logging.DEBUG)
    with serving(sending(200, completion(f"Your key is {SECRET}."))) as served:
        model = endpoint(served.address)
        table = code(some(), BOOK, model=model, record=record)
    assert set(served.keys) == {f"Bearer {SECRET}"}
    seen = [record.read_text(), table.to_csv(), repr(model), caplog.text, *capfd.readouterr()]
    assert not [text for text in seen if SECRET in text]


def test_the_recorded_run_of_the_notebook_is_that_of_the_shipped_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)  # nothing is asked
    coded, book, models = study()
    kept = RECORD.read_bytes()
    table = an.majority_codes(code(coded[PASSAGES], book, model=models, record=RECORD))
    for label in book.labels:
        for number, model in enumerate(models, 1):
            assert table[f"{label}_coder_{model.name}"].tolist() == coded[f"{label}_coder{number}"].tolist()
    assert RECORD.read_bytes() == kept
    assert not [text for text in coded["text"] if text[:40] in kept.decode()]
