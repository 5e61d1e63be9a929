"""What a reader judged: codes of single frames in passages, in the table that ``validate`` takes and in a file."""

import warnings
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

import pandas as pd

from analysis.corpus.files import csv_text, rearmed, write_whole
from analysis.corpus.tables import check_columns, refuse_duplicates, refuse_unknown

from .evidence import Evidence

CODES = {"0": 0, "1": 1, "0.0": 0, "1.0": 1}  # as this desk and spreadsheets write them
Codes = Mapping[str, Mapping[str, int]]  # passage_id → frame → 0 or 1; a frame that nobody judged is not there


def judged(
    evidence: Evidence, codes: Codes, passage: str, frame: str, code: int | None
) -> dict[str, dict[str, int]]:
    """The codes with one more judgement; None takes it back, without a frame all those of the passage."""
    _check(evidence, passage, frame, code)
    own = {name: value for name, value in codes.get(passage, {}).items() if frame and name != frame}
    if code is not None:
        own[frame] = int(code)
    others = {name: dict(given) for name, given in codes.items() if name != passage}
    return others | ({passage: own} if own else {})


def _check(evidence: Evidence, passage: str, frame: str, code: object) -> None:
    if passage not in evidence.passage_place:
        raise ValueError(f"codes: passage {passage!r} is not at this desk.")
    if frame or code is not None:
        refuse_unknown("codes", frame, "a frame", evidence.frames)
    if code not in (0, 1, None):
        raise ValueError(f"codes: {code!r} for {passage!r} is not a valid code. A code is 0, 1 or missing.")


def coded_table(evidence: Evidence, codes: Codes) -> pd.DataFrame:
    """A row a passage with a judgement, and by frame 1, 0 or missing; a reader ``picked`` them."""
    passages = evidence.passages.iloc[[evidence.passage_place[name] for name in codes]]
    table = passages[["passage_id", "doc_id"]].rename(columns={"doc_id": "article"}).assign(
        outlet=evidence.articles["outlet"].to_numpy()[passages["doc"].to_numpy(int)], text=passages["text"],
    ).astype("str").assign(picked=True)  # fmt: skip
    for frame in evidence.frames:
        table[frame] = pd.array([given.get(frame) for given in codes.values()], dtype="Int64")
    return table.sort_values("passage_id", kind="stable", ignore_index=True)


def passage_table(evidence: Evidence, codes: Codes) -> pd.DataFrame:
    """A row a passage: where it was printed; by frame the lexicon's reading, and the reader's as ``coded_``."""
    doc = evidence.passages["doc"].to_numpy(int)
    of_article = evidence.articles[["outlet", "date", "title", "url", "story_id"]].iloc[doc].reset_index(drop=True)
    table = evidence.passages[["passage_id", "doc_id"]].reset_index(drop=True).join(of_article)
    table = table.assign(text=evidence.passages["text"].to_numpy())
    for at, frame in enumerate(evidence.frames):
        own = [codes.get(name, {}).get(frame) for name in table["passage_id"]]
        table[frame] = evidence.units.carried[:, at].astype(int)
        table[f"coded_{frame}"] = pd.array(own, dtype="Int64")
    return table


def codes_in(evidence: Evidence, table: pd.DataFrame) -> dict[str, dict[str, int]]:
    """The codes that a table holds, as ``coded_table`` writes them, checked."""
    check_columns(table, ["passage_id", *evidence.frames], where="codes")
    ids = table["passage_id"].astype("str")
    refuse_duplicates("codes: passage", ids, "Give each passage one row.")
    codes: dict[str, dict[str, int]] = {}
    for passage, row in zip(ids, table[list(evidence.frames)].to_dict("records"), strict=True):
        given = {str(frame): value for frame, value in row.items() if not pd.isna(value)}
        for frame, value in given.items():
            _check(evidence, passage, frame, value)
        if given:
            codes[passage] = {frame: int(value) for frame, value in given.items()}
    return codes


class CodesFile:
    """A file of codes: read when a desk opens, written after each judgement."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = Path(path).expanduser()
        self._elsewhere = pd.DataFrame()

    def read(self, evidence: Evidence) -> dict[str, dict[str, int]]:
        """The codes of passages at this desk; those of other passages stay in the file."""
        if not self.path.exists():
            return {}
        try:
            table = rearmed(pd.read_csv(self.path, dtype="str", encoding="utf-8-sig"))
        except ValueError as error:
            what = f"it holds no codes of a desk, or is damaged: {' '.join(str(error).split())}"
            raise ValueError(f"{self.path}: {what}. Name another file; this one stays as it is.") from None
        check_columns(table, ["passage_id"], where=str(self.path))
        here = table["passage_id"].isin(evidence.passage_place)
        self._elsewhere = table[~here]
        if len(self._elsewhere):
            n, name = len(self._elsewhere), self._elsewhere["passage_id"].iloc[0]
            what = f"{n} coded passages are not at this desk, first {name!r}; they stay in the file."
            warnings.warn(f"{self.path}: {what}", stacklevel=4)
        own = table[here].reindex(columns=["passage_id", *evidence.frames])
        codes = own.drop(columns="passage_id").map(lambda code: CODES.get(code, code), na_action="ignore")
        return codes_in(evidence, own[["passage_id"]].join(codes))

    def write(self, evidence: Evidence, codes: Codes) -> None:
        """Writes the codes, and again those of passages that are not at this desk."""
        table = pd.concat([coded_table(evidence, codes), self._elsewhere], ignore_index=True)
        write_whole(self.path, csv_text(table))
