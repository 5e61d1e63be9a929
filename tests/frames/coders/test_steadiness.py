"""How steady models are, against a real server with planted unsteadiness."""

import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from test_code import BOOK, TEXTS, endpoint, some

from analysis.frames.coders.code import code
from analysis.frames.coders.codebook import wordings
from analysis.frames.coders.endpoint import Endpoint
from analysis.frames.coders.steadiness import codebook_checks, steadiness
from tests.frames.coders.server import completion, right, serving, well

# What flips the code of war, and in which passage; nothing flips that of peace.
RUN, PROMPT, MODEL = TEXTS[2], TEXTS[4], TEXTS[1]


def flipped(mark: str, text: str) -> tuple[int, bytes]:
    reply = json.loads(right(mark, text))
    reply["codes"]["war"] = 1 - reply["codes"]["war"]
    return 200, completion(json.dumps(reply))


def unsteady() -> object:
    asked: Counter[tuple[str, str]] = Counter()

    def answer(mark: str, text: str, model: str, prompt: str) -> object:
        asked[model, prompt] += 1
        if text == TEXTS[0] and model == "third":
            return 200, completion("", finish_reason="content_filter")
        second = wordings()[1][0] in prompt
        flips = {RUN: asked[model, prompt] == 2, PROMPT: second, MODEL: model == "third"}
        return (flipped if flips.get(text) else well)(mark, text)

    return answer


@pytest.fixture
def codes(tmp_path: Path) -> pd.DataFrame:
    with serving(unsteady(), named=True) as served:
        models = [Endpoint(served.address, name, retries=0, workers=1) for name in ("first", "third")]
        return code(some(), BOOK, model=models, record=tmp_path / "replies", prompts=[0, 0, 1, 1])


def test_agreement_within_and_between_runs_prompts_and_models(codes: pd.DataFrame) -> None:
    table = steadiness(codes).table
    of = [f"{name} · prompt {at}" for name in ("first", "third") for at in (1, 2)]
    pairs = {
        "runs": of,
        "prompts": ["first · run 1", "third · run 1"],
        "models": ["prompt 1 · run 1"],
        "all coders": [""],
    }
    found = {between: rows["of"].unique().tolist() for between, rows in table.groupby("between", sort=False)}
    assert found == pairs
    peace = table[table["label"] == "peace"]
    assert peace["agree"].eq(1).all()
    war = table[table["label"] == "war"].set_index(["between", "of"])
    first = war[war.index.get_level_values("of").str.startswith("first")]
    assert first[["n", "agree"]].to_numpy().tolist() == [[5, 0.8]] * 3  # one passage of five flips in each
    # 1, 0, 0, 0, 1 and 1, 0, 1, 0, 1: half of ten codes are 1, so 5/9 of pairs differ by chance, and 1/5 do.
    assert war.loc[("runs", "first · prompt 1"), "alpha"] == pytest.approx(1 - (1 / 5) / (5 / 9))
    assert war.loc[("models", "prompt 1 · run 1"), ["n", "agree"]].tolist() == [
        4,
        0.75,
    ]  # of the fifth one code is missing
    assert war.loc[("all coders", ""), ["coders", "agree"]].tolist() == [8, 0.4]


def test_passages_on_which_coders_part_and_codes_that_are_missing(codes: pd.DataFrame) -> None:
    found = steadiness(codes)
    assert found.parted[["text", "label", "yes", "n"]].to_numpy().tolist() == [
        [text, "war", 4, 8] for text in (MODEL, RUN, PROMPT)
    ]
    third = [f"third · prompt {p} · run {r}" for p in (1, 2) for r in (1, 2)]
    assert found.missing.to_numpy().tolist() == [[name, "the model refused", 1] for name in third]


def test_steady_models_agree_in_all(tmp_path: Path) -> None:
    with serving() as served:
        model = endpoint(served.address)
        found = steadiness(code(some(), BOOK, model=model, record=tmp_path / "replies", prompts=3))
    assert found.table["agree"].eq(1).all()
    assert found.parted.empty
    assert found.missing.empty


def test_one_coder_has_no_steadiness(tmp_path: Path) -> None:
    with serving() as served:
        codes = code(some(), BOOK, model=endpoint(served.address), record=tmp_path / "replies")
    with pytest.raises(ValueError, match=r"^steadiness: two coders are needed\. Found: planted\."):
        steadiness(codes)


def test_what_a_codebook_alone_shows_of_a_model(tmp_path: Path) -> None:
    """It knows one of two definitions, makes up a label once, and depends on which frame comes first."""

    def answer(mark: str, text: str, _: str, prompt: str) -> object:
        if text == TEXTS[0]:
            return 200, completion(right(mark, text).replace("peace", "trade"))
        if text == BOOK.definitions["war"]:
            return well(mark, text + " shell")
        turned = prompt.index("## peace") < prompt.index("## war")
        return (flipped if turned and text == RUN else well)(mark, text)

    with serving(answer, named=True) as served:
        model = endpoint(served.address)
        found = codebook_checks(some(), BOOK, model=model, record=tmp_path / "replies", seed=0)
    orders = [BOOK.reordered(seed).labels for seed in (None, 0)]
    changed = sum(order == ["peace", "war"] for order in orders)
    assert found[["check", "label", "n", "passed"]].to_numpy().tolist() == [
        ["keeps to the labels", "", 5, 4],
        ["recalls the definition", "war", 1, 1],
        ["recalls the definition", "peace", 1, 0],
        ["does not depend on the order", "war", 8, 8 - changed],
        ["does not depend on the order", "peace", 8, 8],
    ]
