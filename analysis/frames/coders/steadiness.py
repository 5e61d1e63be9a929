"""Consistency of models as coders over runs, prompts and models, and checks that need only the codebook."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from os import PathLike

import numpy as np
import pandas as pd

from analysis.frames.coders.code import Model, code
from analysis.frames.coders.codebook import Codebook
from analysis.frames.coding.codes import votes
from analysis.frames.coding.measures import coder_agreement

KINDS = ("run", "prompt", "model")
PARTS = r"(?P<model>.*?)(?: · prompt (?P<prompt>\d+))?(?: · run (?P<run>\d+))?$"  # of a coder's name


@dataclass(frozen=True, eq=False)
class Steadiness:
    """Agreement of models with themselves and with each other.

    Attributes
    ----------
    table : DataFrame
        ``between`` ("runs", "prompts", "models", or "all coders"), ``of`` (what is the same: the model and prompt,
        or the model), then the columns of ``coder_agreement``: how far coders agree that differ in this alone.
    parted : DataFrame
        ``passage_id, label, yes, n, text``: the passages on which coders differ, the most divided first.
    missing : DataFrame
        ``coder, note, n``: codes that are missing, by reason.
    """

    table: pd.DataFrame
    parted: pd.DataFrame
    missing: pd.DataFrame


def steadiness(codes: pd.DataFrame, *, level: float = 0.95, seed: int = 0) -> Steadiness:
    """Alpha within and between runs, prompts and models, and the passages on which they part.

    Parameters
    ----------
    codes : DataFrame
        From ``code`` with several prompts, runs or models; or several such tables, one below the other.
    level, seed
        Of the intervals of alpha, as in ``coder_agreement``.

    Returns
    -------
    Steadiness
        Agreement, the passages on which coders differ, and missing codes by reason.

    Examples
    --------
    >>> coders = ["m · prompt 1", "m · prompt 2", "k · prompt 1", "k · prompt 2"]
    >>> codes = pd.DataFrame({"passage_id": np.repeat(list("abcdef"), 4), "coder": coders * 6, "label": "war",
    ...                       "code": [1] * 4 + [0] * 4 + [1, 1, 0, 0] + [0] * 4 + [1] * 4 + [0, 1, 0, 0]})
    >>> steadiness(codes).table[["between", "of", "coders", "alpha"]].round(2)
          between        of  coders  alpha
    0     prompts         k       2   1.00
    1     prompts         m       2   0.69
    2      models  prompt 1       2   0.69
    3  all coders                 4   0.62
    >>> steadiness(codes).parted[["passage_id", "yes", "n"]].values.tolist()
    [['c', 2, 4], ['f', 1, 4]]
    """
    names = [str(name) for name in pd.unique(codes["coder"])]
    if len(names) < 2:
        found = ", ".join(names) or "none"
        raise ValueError(f"steadiness: two coders are needed. Found: {found}. Ask for more prompts.")
    agreed = {
        (between, of): coder_agreement(codes[codes["coder"].isin(coders)], level=level, seed=seed)
        for between, of, coders in _groups(names)
    }
    table = pd.concat(agreed, names=["between", "of"]).reset_index(["between", "of"]).reset_index(drop=True)
    noted = codes.assign(note=codes.get("note", ""))[codes["code"].isna()].drop_duplicates(["passage_id", "coder"])
    missing = noted.groupby(["coder", "note"], sort=True).size().rename("n").reset_index()
    return Steadiness(table, _parted(codes), missing)


def _groups(names: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """What differs, what is the same, and the coders: those alike in all else, then all."""
    parts = pd.Series(names, index=names).str.extract(PARTS).fillna("1")
    for kind in KINDS:
        same = [other for other in parts if other != kind]
        used = [f"{other} " * (other != "model") + parts[other] for other in same if len(set(parts[other])) > 1]
        of = pd.concat(used, axis=1).agg(" · ".join, axis=1) if used else pd.Series("", index=parts.index)
        for name, rows in parts.groupby(of, sort=True):
            # Of runs, the first stands for a prompt, and the first prompt and run for a model.
            first = rows[(rows[same[1:] if kind == "prompt" else ["prompt", "run"]] == "1").all(axis=1)]
            chosen = rows if kind == "run" else first if kind == "model" else rows[rows["run"] == "1"]
            if len(set(chosen[kind])) > 1:
                yield f"{kind}s", str(name), list(chosen.index)
    yield "all coders", "", names


def _parted(codes: pd.DataFrame) -> pd.DataFrame:
    share, count = votes(codes)
    long = share.rename_axis("passage_id").reset_index().melt("passage_id", None, "label", "share")
    long["n"] = count.to_numpy().ravel(order="F")  # a label below the other, as melted
    long = long[long["share"].between(0, 1, inclusive="neither")]
    long["yes"] = np.rint(long["share"] * long["n"]).astype("int64")
    long = long.iloc[np.argsort((long["share"] - 0.5).abs().round(9), kind="stable")]
    texts = codes.drop_duplicates("passage_id").set_index("passage_id").get("text")
    long["text"] = "" if texts is None else long["passage_id"].map(texts)
    return long[["passage_id", "label", "yes", "n", "text"]].reset_index(drop=True)


def codebook_checks(
    passages: pd.DataFrame, codebook: Codebook, *, model: Model, record: str | PathLike[str], seed: int = 0
) -> pd.DataFrame:
    """What can be seen of a model and a codebook without any label by people.

    Parameters are as in ``code``; a few dozen passages are enough. ``seed`` shuffles the frames.

    Returns
    -------
    DataFrame
        ``check, label, n, passed, share``. "keeps to the labels": passages with a valid answer. "recalls the
        definition": a frame's own definition, given as a passage, is coded as that frame. "does not depend on the
        order": passages coded alike with the frames reversed and shuffled.

    Notes
    -----
    Three of the label-free tests of Halterman & Keith (2025, *Codebook LLMs*). They cannot show whether codes are
    right.
    """
    ask = partial(code, model=model, record=record)
    given = ask(passages, codebook)
    valid = int(given.groupby("passage_id")["code"].count().gt(0).sum())
    rows = [["keeps to the labels", "", len(passages), valid]]
    texts = pd.DataFrame({"passage_id": codebook.labels, "text": list(codebook.definitions.values())})
    recalled = ask(texts, codebook).set_index(["passage_id", "label"])["code"]
    rows += [["recalls the definition", label, 1, int(recalled[label, label] == 1)] for label in codebook.labels]
    usual = votes(given)[0]
    turned = [votes(ask(passages, codebook.reordered(order)))[0][usual.columns] for order in (None, seed)]
    for label in usual:
        same = [(usual[label] == other[label].reindex(usual.index))[usual[label].notna()] for other in turned]
        alike = int(sum(one.sum() for one in same))
        rows.append(["does not depend on the order", str(label), sum(map(len, same)), alike])
    table = pd.DataFrame(rows, columns=["check", "label", "n", "passed"])
    return table.assign(share=table["passed"] / table["n"].clip(lower=1))
