"""What a reader judged: codes of whole passages, in the table that ``validate`` takes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .evidence import Evidence

Codes = Mapping[str, Mapping[str, int]]  # passage_id → frame → 0 or 1


def judged(
    evidence: Evidence, codes: Codes, passage: str, frame: str, code: int | None
) -> dict[str, dict[str, int]]:
    """The codes with one more judgement.

    A first judgement codes the whole passage: the other frames stand as the lexicon reads them until the reader
    says otherwise. Without a frame the reading is confirmed as it is; a ``code`` of None takes the passage back.
    """
    _check(evidence, passage, frame, code)
    others = {name: dict(said) for name, said in codes.items() if name != passage}
    if code is None:
        return others
    said = dict(codes.get(passage, reading(evidence, passage)))
    return {**others, passage: said | ({frame: int(code)} if frame else {})}


def _check(evidence: Evidence, passage: str, frame: str, code: int | None) -> None:
    if passage not in evidence.passage_place:
        raise ValueError(f"codes: there is no passage {passage!r}.")
    if frame and frame not in evidence.frames:
        raise ValueError(f"codes: no frame {frame!r}; there is {', '.join(evidence.frames)}.")
    if code not in (0, 1, None):
        raise ValueError(f"codes: {code!r} for {passage!r}. A code is 0 or 1.")


def reading(evidence: Evidence, passage: str) -> dict[str, int]:
    """What the lexicon says of a passage."""
    row = evidence.units.carried[evidence.passage_place[passage]]
    return {frame: int(value) for frame, value in zip(evidence.frames, row, strict=True)}


def coded_table(evidence: Evidence, codes: Codes) -> pd.DataFrame:
    """A row a coded passage: ``passage_id, article, outlet, text`` and a column of 0 and 1 a frame."""
    passages = evidence.passages.iloc[[evidence.passage_place[name] for name in codes]]
    table = pd.DataFrame(
        {
            "passage_id": passages["passage_id"].to_numpy(),
            "article": passages["doc_id"].astype("str").to_numpy(),
            "outlet": evidence.articles["outlet"].to_numpy()[passages["doc"].to_numpy(int)],
            "text": passages["text"].to_numpy(),
        },
        dtype="str",
    )
    for frame in evidence.frames:
        table[frame] = pd.Series([said[frame] for said in codes.values()], dtype="int64")
    return table.sort_values("passage_id", kind="stable", ignore_index=True)


def codes_in(evidence: Evidence, table: pd.DataFrame) -> dict[str, dict[str, int]]:
    """The codes that a table holds, as ``coded_table`` writes them.

    Raises:
        ValueError: a column is missing, a passage is unknown or stands twice, or a code is not 0 or 1.
    """
    missing = [name for name in ("passage_id", *evidence.frames) if name not in table]
    if missing:
        raise ValueError(f"codes: no column {missing[0]!r}; there is {', '.join(map(str, table)) or 'none'}.")
    twice = table["passage_id"][table["passage_id"].duplicated()]
    if len(twice):
        raise ValueError(f"codes: passage {twice.iloc[0]!r} stands twice.")
    found: dict[str, dict[str, int]] = {}
    for row in table.to_dict("records"):
        for frame in evidence.frames:
            _check(evidence, str(row["passage_id"]), frame, row[frame])
        found[str(row["passage_id"])] = {frame: int(row[frame]) for frame in evidence.frames}
    return found
