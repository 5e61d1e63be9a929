"""What a measurement of an instrument found, and the texts to which it belongs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.arrays import Flags
from analysis.corpus.files import from_json, write_whole
from analysis.corpus.provenance import text_hash
from analysis.frames.coding.codes import coder_columns, weights_of
from analysis.numbers import p_is

NO_ENTRIES = pd.DataFrame(columns=["label", "entry", "n", "wrong", "precision"])
ENDING, FOLDER = ".certificate.json", ".certificates"
HASH, LETTERS = "text_sha256", 16
DIFFER = 0.05  # p below which an instrument's errors differ between outlets
DIGITS = 4  # of a measure; codes and weights, of which measures are made, have all
ANSWER = "instrument_"  # before a label: whether the instrument gives it to a coded passage
KEPT = (
    "passage_id", "doc_id", "article", "outlet", "story_id", "story", "stratum", "probability", "weight", "picked",
    "tied",
)  # fmt: skip
TABLES, LEFT_OUT = ("table", "cells", "agreement", "codes"), ("entries", "unsettled", "dropped")
# A sample's weights add up to about the passages that it was drawn from; here if they add up to those here.
SAME_CORPUS = (0.75, 1.33)


@dataclass(frozen=True, eq=False)
class Certificate:
    """Accuracy of an instrument, and the texts on which it was measured.

    Attributes
    ----------
    table : DataFrame
        A row per label: ``label, n`` (passages with a code), ``positives, unsettled`` (those on which coders are
        tied), and ``precision, recall, f1, alpha``, each with ``_low`` and ``_high``. By a column of the coded
        passages, that column comes first. With folds also ``fitted_…``, the measures of entries chosen on all
        passages, and ``entries, entries_left``, in the fold that left fewest.
    n, outlets, cluster, clusters, drawn
        The passages measured, how many of each outlet, the column taken for one observation and how many there
        are, and whether the passages carry weights of a drawn sample.
    instrument, sha256, about, language
        The instrument's name, the hash of its content, its pair of countries and its language.
    coders, coded_by, agreement, source, date
        The coders as columns name them; who they were; the table of ``coder_agreement``, empty for one coder;
        where the passages are from, and when this was measured.
    codes : DataFrame
        The codes of each coder and their majority, the hash of each text, and what the instrument said, as
        ``instrument_war``.
    cells : DataFrame
        A row per label: the weighted passages in which ``both`` say yes, ``instrument_only``, ``coders_only``,
        ``neither``; ``size_…``, the effective numbers of passages with the label, with a hit and without one; and
        ``p_outlets`` (without `by`), of the test that errors are alike in all outlets.
    entries : DataFrame
        A row per entry of the lexicon: ``label, entry, n`` (passages to which it gives its label), ``wrong``, its
        ``precision`` with bounds, ``right_alone, wrong_alone`` (no other entry gives these the label), and
        ``negated``: misses in which it matched, but negated.
    unsettled, dropped : DataFrame
        ``row, label`` of each tie of the coders; and with folds ``label, entry, folds``: in how many folds an
        entry was left out.
    notes : tuple of str
        What limits these figures.
    """

    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    n: int = 0
    outlets: dict[str, int] = field(default_factory=dict)
    cluster: str = "passage"
    clusters: int = 0
    drawn: bool = False
    instrument: str = ""
    sha256: str = ""
    about: tuple[str, ...] = ()
    language: str = ""
    coders: tuple[str, ...] = ()
    coded_by: str = ""
    source: str = ""
    date: str = ""
    notes: tuple[str, ...] = ()
    agreement: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    codes: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    cells: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    entries: pd.DataFrame = field(default_factory=lambda: NO_ENTRIES, repr=False)
    unsettled: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    dropped: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    def write(self, path: str | PathLike[str], **said: str) -> Path:
        """The file of the certificate, JSON without a text; ``said`` are ``source, coded_by, date``."""
        return write_whole(path, replace(self, **said).as_json())  # type: ignore[arg-type]

    def as_json(self) -> str:
        lines = (
            f"{json.dumps(name)}: {_written(value, None if name == 'codes' else DIGITS)}"
            for name, value in vars(self).items() if name not in LEFT_OUT
        )  # fmt: skip
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @property
    def outlets_p(self) -> dict[str, float]:
        """p of "errors are alike in all outlets", of each label for which that could be tested."""
        return dict(self.cells.reindex(columns=["label", "p_outlets"]).dropna().to_numpy().tolist())

    @property
    def uneven(self) -> list[str]:
        """The labels in which errors differ between outlets, with p."""
        return [f"{label} ({p_is(p)})" for label, p in self.outlets_p.items() if p < DIFFER]

    @property
    def labels(self) -> list[str]:
        return list(dict.fromkeys(self.table["label"].astype("str"))) if len(self.table) else []

    def coded(self, passages: pd.DataFrame) -> pd.DataFrame:
        """The codes of those of some passages that were coded, found by ``passage_id``, then by text.

        Weights are kept where they add up to these passages: then they were drawn from them.
        """
        hashed = passages[["passage_id", "text"]].astype("str")
        hashed = hashed.assign(**{HASH: passages[HASH] if HASH in passages else text_hashes(hashed["text"])})
        codes = self.codes.reset_index(names="row")
        named = codes.merge(hashed, on=["passage_id", HASH]) if "passage_id" in codes else codes[:0]
        others = codes[~codes["row"].isin(named["row"])].drop(columns="passage_id", errors="ignore")
        found = others.drop_duplicates(HASH).merge(hashed.drop_duplicates(HASH), on=HASH)
        answers = [name for name in codes if str(name).startswith(ANSWER)]
        coded = pd.concat([named, found]).sort_values("row").drop(columns=["row", HASH, *answers])
        coded = coded.reset_index(drop=True)
        least, most = SAME_CORPUS
        if self.drawn and not least * len(passages) <= weights_of(coded).sum() <= most * len(passages):
            coded = coded.drop(columns=["stratum", "weight", "probability"], errors="ignore")
        return coded.drop_duplicates("passage_id", ignore_index=True)

    def fits(self, labels: Iterable[str], about: Iterable[str], language: str) -> bool:
        """Whether it was measured with these labels, for this pair, in this language."""
        return set(labels) <= set(self.labels) and set(about) == set(self.about) and language == self.language


def text_hashes(texts: Iterable[str]) -> list[str]:
    """Sixteen hexadecimal digits of each text: enough to notice an edit."""
    return [text_hash(text)[:LETTERS] for text in texts]


def codes_kept(coded: pd.DataFrame, labels: list[str], found: Flags) -> pd.DataFrame:
    """Of coded passages what a certificate keeps: places, weights, codes, answers, and the hash of each text."""
    single = [name for label, names in coder_columns(coded).items() for name in (*names, label)]
    names = [name for name in dict.fromkeys([*KEPT, *single, *labels]) if name in coded]
    answers = {f"{ANSWER}{label}": column for label, column in zip(labels, found.T.astype(int), strict=True)}
    return coded[names].assign(**answers, **{HASH: text_hashes(coded["text"])}).reset_index(drop=True)


def read_certificates(where: str | PathLike[str]) -> tuple[Certificate, ...]:
    """Certificates in a file, or of a lexicon or a corpus, from beside it; empty where there is none.

    Parameters
    ----------
    where : str or path
        A certificate; or a lexicon, by its file or the name of one that ships, whose certificates are in a folder
        ``NAME.certificates`` beside it; or articles, with ``NAME.certificate.json`` beside them.

    Returns
    -------
    tuple of Certificate
        In the order of their file names.

    Examples
    --------
    >>> read_certificates("russia-china")[0].about
    ('Russia', 'China')
    """
    path = Path(where)
    if path.name.endswith(".json"):
        return (_read(path),)
    if not path.suffix and not path.exists():
        path = Path(str(resources.files("analysis.frames").joinpath("lexicons", path.name)))
    beside = [path.with_suffix(ENDING), *sorted(path.with_suffix(FOLDER).glob("*.json"))]
    return tuple(_read(file) for file in beside if file.is_file())


def _read(path: Path) -> Certificate:
    text = path.read_text("utf-8")
    try:
        held = from_json(text)
        tables = {name: pd.DataFrame(held[name]["rows"], columns=held.pop(name)["columns"]) for name in TABLES}
        tuples = {name: tuple(held[name]) for name in ("about", "coders", "notes")}
        return Certificate(**held | tuples | tables)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"not a certificate of an instrument. Found: {error!r}"
        raise ValueError(f"{path}: {what}. Write one with `framing certify`.") from None


def _written(value: Any, digits: int | None) -> str:
    """JSON; of a table the names of its columns, then a line a row."""

    def plain(cell: Any) -> Any:
        own = None if pd.isna(cell) else cell.item() if hasattr(cell, "item") else cell
        return round(own, digits) if isinstance(own, float) and digits else own

    if not isinstance(value, pd.DataFrame):
        return json.dumps(value, ensure_ascii=False)
    rows = [json.dumps([*map(plain, row)], ensure_ascii=False) for row in value.itertuples(index=False)]
    return f'{{"columns": {json.dumps(list(map(str, value)))}, "rows": [\n' + ",\n".join(rows) + "]}"
