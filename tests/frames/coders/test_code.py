"""Models as coders against a real server: faults, kills, keys, and the record."""

import os
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import analysis as an
from analysis.frames.coders.code import code, with_context
from analysis.frames.coders.codebook import Codebook
from analysis.frames.coders.endpoint import Endpoint, tokens
from tests.frames.coders.server import completion, once_then_well, right, sending, serving, slowly, well

BOOK = Codebook("War", {"war": "Armed conflict is the subject.", "peace": "Talks are the subject."})
TEXTS = [
    "Troops shelled a town.",
    "They held talks.",
    "It rained.",
    "Shells fell, talks went on.",
    "Ships shelled.",
]
SECRET = "sk-planted-0123456789"


def some(n: int = 5) -> pd.DataFrame:
    texts = [f"{TEXTS[at % 5]} {at}" if at >= 5 else TEXTS[at] for at in range(n)]
    return pd.DataFrame(
        {"passage_id": [f"p{at}" for at in range(n)], "doc_id": "d", "text": texts, "outlet": "DW"}
    )


def endpoint(address: str, **more: object) -> Endpoint:
    return Endpoint(address, "planted", **({"retries": 1, "timeout": 5} | more))


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "replies.jsonl"


def test_codes_come_in_the_table_of_sheets_and_are_kept(record: Path) -> None:
    with serving() as served:
        first = code(some(), BOOK, model=endpoint(served.address), record=record)
        second = code(some(), BOOK, model=endpoint(served.address), record=record)
    assert list(first)[:5] == ["passage_id", "coder", "label", "code", "note"]
    assert first["code"].tolist() == [1, 0, 0, 1, 0, 0, 0, 1, 1, 0]
    assert set(served.asked.values()) == {1}
    pd.testing.assert_frame_equal(first, second)
    wide = an.majority_codes(first)
    assert wide[["war", "peace"]].to_numpy().tolist() == [[1, 0], [0, 1], [0, 0], [0, 1], [1, 0]]
    request = served.requests[0]
    assert request["temperature"] == 0
    assert request["response_format"]["json_schema"]["schema"] == BOOK.schema


def test_a_study_runs_again_without_a_server_to_the_byte(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as served:
        model = endpoint(served.address)
        first = code(some(), BOOK, model=model, record=record, prompts=[0, 0, 1, 1])
    kept = record.read_bytes()
    monkeypatch.setitem(sys.modules, "openai", None)  # as if it were not installed
    again = code(some(), BOOK, model=endpoint(served.address), record=record, prompts=[0, 0, 1, 1])
    assert again.to_csv() == first.to_csv()
    assert record.read_bytes() == kept
    assert served.asked.total() == 20
    assert first["coder"].unique().tolist() == [f"planted · prompt {p} · run {r}" for p in (1, 2) for r in (1, 2)]


def coding(codes: str) -> bytes:
    return completion(f'{{"passage": "MARK", "codes": {codes}}}')


NOT_JSON, REFUSED, NONE = (
    "the answer is not JSON, or only a part of it",
    "the model refused",
    "the answer is empty",
)
NO_COMPLETION, OTHER_FORM = "the server sent no chat completion", "the answer is not in the form asked for"
LIMIT = "The limit is 200,000 characters of a model's answer; FRAMING_LIMITS=20 in the environment raises it."
FAULTS = {  # status and body that the server sends; the reason of the missing code
    "refused": (200, completion(None, message={"refusal": "I cannot help."}), REFUSED),
    "filtered": (200, completion("", finish_reason="content_filter"), REFUSED),
    "empty": (200, completion(" "), NONE),
    "null": (200, completion(None), NONE),
    "cut": (200, completion('{"pass', finish_reason="length"), "the answer was cut off"),
    "half": (200, completion('{"passage": "MARK", "codes": {"war"'), NOT_JSON),
    "prose": (200, completion("War: yes."), NOT_JSON),
    "deep": (200, completion("[" * 50_000), NOT_JSON),
    "two codes": (200, coding('{"war": 0, "war": 1, "peace": 0}'), NOT_JSON),
    "another label": (200, coding('{"war": 1, "peace": 0, "trade": 1}'), "not a label: 'trade'"),
    "label left out": (200, coding('{"war": 1}'), "no code for peace"),
    "another code": (200, coding('{"war": 2, "peace": 0}'), "not a code: war 2"),
    "word": (200, coding('{"war": "yes", "peace": 0}'), "not a code: war 'yes'"),
    "true for 1": (200, coding('{"war": true, "peace": 0}'), "not a code: war True"),
    "no mark": (200, completion('{"war": 1, "peace": 0}'), OTHER_FORM),
    "a list": (200, completion("[1, 0]"), OTHER_FORM),
    "codes as a list": (200, coding("[1, 0]"), OTHER_FORM),
    "another passage": (200, completion(right("00000000", "")), "the answer is that of another passage"),
    "a million tokens": (200, completion("war " * 1_000_000), f"the answer is too long. {LIMIT}"),
    "no end": (
        200,
        b'{"choices": [{"message": {"content": "' + b"war " * 5_000_000,  # read up to 6,400,000 bytes
        "the answer is too long. " + LIMIT.replace("=20", "=32"),
    ),
    "500": (500, b"oops", "the server failed (500)"),
    "html": (200, b"<html>Welcome</html>", NO_COMPLETION),
    "half a completion": (200, coding('{"war": 1, "peace": 0}')[:60], NO_COMPLETION),
    "no choices": (200, b'{"choices": []}', NO_COMPLETION),
    "400": (400, b'{"error": {"message": "too long"}}', "the server refused the request (400): too long"),
    "400 html": (400, b"<html>", "the server refused the request (400)"),
    "closed": (0, b"", "the connection was closed before the answer"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_answer_that_does_not_fit_is_missing_with_its_reason(fault: str, record: Path) -> None:
    *sent, reason = FAULTS[fault]

    def planted(mark: str, text: str) -> object:
        return sending(*sent)(mark, text) if text == TEXTS[1] else well(mark, text)

    with serving(planted) as served:
        model = endpoint(served.address, retries=0)
        found = code(some(), BOOK, model=model, record=record)
        kept = record.read_bytes()
        replay = code(some(), BOOK, model=model, record=record)
    rows = found[found["passage_id"] == "p1"]
    assert rows["code"].isna().all()
    assert rows["note"].unique().tolist() == [reason]
    assert found[found["passage_id"] != "p1"]["code"].notna().all()
    pd.testing.assert_frame_equal(replay, found)
    assert record.read_bytes() == kept
    assert served.asked[TEXTS[1]] == 1
    with serving(port=int(served.address.split(":")[2].split("/")[0])) as second:  # asked again, it is right
        repaired = code(some(), BOOK, model=model, record=record, again=True)
    assert repaired["code"].notna().all()
    assert second.asked == {TEXTS[1]: 1}


PASSING = {
    "429": sending(429, b'{"error": {"message": "slow down"}}', ("Retry-After", "0.05")),
    "500": sending(500),
    "503 html": sending(503, b"<html>busy</html>"),
    "closed": sending(0),
    "closed in the middle": sending(200, b'{"choices": [', ("Missing", "50")),
}


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_is_waited_out(fault: str, record: Path) -> None:
    with serving(once_then_well(PASSING[fault])) as served:
        found = code(some(2), BOOK, model=endpoint(served.address, retries=3), record=record)
    assert found["code"].notna().all()
    assert set(served.asked.values()) == {2}


def test_a_slow_server_gives_a_missing_code(record: Path) -> None:
    with serving(slowly(0.5)) as served:
        found = code(some(1), BOOK, model=endpoint(served.address, timeout=0.2, retries=0), record=record)
    assert found["note"].unique().tolist() == ["no answer within 0.2 seconds"]


STOPS = {
    401: (b'{"error": {"message": "Incorrect key: sk-planted-0123456789"}}',
          "refuses the key in MODEL_API_KEY (401). Incorrect key: [key]"),
    404: (b'{"error": "model not found"}', "has no model 'planted' (404). model not found"),
    429: (b'{"error": {"message": "quota used up"}}',
          "allows no more requests now (429). Wait, or set per_minute= and fewer workers. quota used up"),
}  # fmt: skip


@pytest.mark.parametrize("status", STOPS)
def test_a_server_that_cannot_be_used_stops_the_run(
    status: int, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_API_KEY", SECRET)
    body, said = STOPS[status]

    def planted(mark: str, text: str) -> object:
        return well(mark, text) if text == TEXTS[0] else (status, body)

    with serving(planted) as served:
        model = endpoint(served.address, retries=0, workers=1)
        with pytest.raises(ConnectionError) as error:
            code(some(), BOOK, model=model, record=record)
    kept = f"1 of 5 replies are kept in {record}; the same call goes on from there."
    assert str(error.value) == f"code: {served.address} {said} {kept}"


def test_a_server_that_is_not_there_is_one_sentence(record: Path) -> None:
    with serving() as served:
        pass
    with pytest.raises(ConnectionError, match=r"cannot be reached. Is the server running there\? 0 of 5 replies"):
        code(some(), BOOK, model=endpoint(served.address, retries=0), record=record)


def test_a_server_that_always_fails_stops_the_run_and_is_asked_again(record: Path) -> None:
    with serving(sending(500)) as served:
        model = endpoint(served.address, retries=0, workers=1)
        with pytest.raises(
            ConnectionError, match=r"8 questions in a row failed, the last because the server failed"
        ):
            code(some(40), BOOK, model=model, record=record)
    assert served.asked.total() == 8
    with serving(port=int(served.address.split(":")[2].split("/")[0])):
        assert code(some(40), BOOK, model=model, record=record)["code"].notna().all()


def test_a_passage_longer_than_the_window_is_not_sent(record: Path) -> None:
    passages = some(2).assign(text=["It rained. " * 2000, "They held talks."])
    with serving() as served:
        found = code(passages, BOOK, model=endpoint(served.address, window=2000), record=record)
    assert found["note"].str.startswith("longer than the model's window: about 5,").tolist() == [
        True,
        True,
        False,
        False,
    ]
    assert served.asked.total() == 1


def test_the_same_text_is_asked_once(record: Path) -> None:
    passages = some(4).assign(text="Troops shelled a town.")
    with serving() as served:
        found = code(passages, BOOK, model=endpoint(served.address), record=record)
    assert served.asked.total() == 1
    assert found["code"].tolist() == [1, 0] * 4


def test_requests_start_no_faster_than_allowed(record: Path) -> None:
    with serving() as served:
        start = time.monotonic()
        code(some(5), BOOK, model=endpoint(served.address, per_minute=1200), record=record)
    assert time.monotonic() - start >= 0.2


def test_a_function_is_a_coder_and_its_failure_loses_nothing(record: Path) -> None:
    asked: list[str] = []

    def careful(prompt: str) -> str:
        asked.append(prompt)
        if "rained" in prompt and len(asked) < 4:
            raise OSError("out of luck")
        mark = prompt.split("marks ")[1][:8]
        return "```json\n" + right(mark, prompt.split(f"[{mark}]")[1]) + "\n```"

    with pytest.raises(
        RuntimeError, match=r"the function 'careful' failed: OSError: out of luck\. 2 of 5 replies are kept"
    ):
        code(some(), BOOK, model=careful, record=record)
    found = code(some(), BOOK, model=careful, record=record)
    assert found["code"].tolist() == [1, 0, 0, 1, 0, 0, 0, 1, 1, 0]
    assert len(asked) == 6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"prompts": 4}, "there are 3 wordings of the task"),
        ({"prompts": []}, "must ask for at least one"),
        ({"model": "qwen3:8b"}, "a model needs an address. Found: 'qwen3:8b'"),
        ({"codebook": "codebook.md"}, "codebook must be what an.read_codebook"),
        ({"model": 3}, "must be an an.Endpoint or a function|need different names"),
        ({"model": [str, str]}, "models need different names"),
        ({"prompts": [0, 5]}, "there are 3 wordings of the task"),
    ],
)
def test_arguments_are_checked(arguments: dict[str, object], said: str, record: Path) -> None:
    with pytest.raises((ValueError, TypeError), match=said):
        code(some(), **({"codebook": BOOK, "model": str, "record": record} | arguments))
    assert not record.exists()


def test_an_endpoint_asks_at_least_one_at_a_time() -> None:
    with pytest.raises(ValueError, match=r"Endpoint: workers must be a whole number from 1 up\. Found: 0\."):
        endpoint("http://127.0.0.1:1/v1", workers=0)


def test_context_is_given_as_for_people() -> None:
    text = "Rain fell. Troops shelled a town. They fled."
    articles = pd.DataFrame({"doc_id": ["d"], "title": ["War returns"], "text": [text]})
    passages = pd.DataFrame(
        {"passage_id": ["d:1"], "doc_id": ["d"], "start": [11], "end": [33], "text": [text[11:33]]}
    )
    row = with_context(passages, articles).iloc[0]
    assert (row["title"], row["before"], row["after"]) == ("War returns", "Rain fell.", "They fled.")
    prompt = BOOK.prompt(row)
    assert "title: War returns\nbefore: Rain fell.\nafter: They fled.\n[" in prompt
    assert 150 < tokens(prompt) < 200


@pytest.mark.skipif("MODEL_ADDRESS" not in os.environ, reason="names no endpoint: MODEL_ADDRESS, MODEL_NAME")
def test_an_endpoint_named_by_the_environment_gives_codes(record: Path) -> None:
    model = Endpoint(os.environ["MODEL_ADDRESS"], os.environ["MODEL_NAME"])
    found = code(some(), BOOK, model=model, record=record)
    assert found["code"].notna().all()
    assert code(some(), BOOK, model=model, record=record).equals(found)
