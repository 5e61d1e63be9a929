"""What the numbers were measured with and how they can be computed again: lexicon, codes, manifest."""

import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import analysis as an
from analysis.compare.correction.sample import document_means
from analysis.compare.correction.shares import BY_HAND, CORRECTED, DIFFERENCES, corrected_differences
from analysis.compare.estimates import DAYS
from analysis.compare.inference import Inference
from analysis.corpus.countries import About, country, names
from analysis.corpus.language import language_name
from analysis.corpus.provenance import NAME, content_hash, own_version
from analysis.corpus.stories import UNKNOWN
from analysis.frames.coding.certificate import DIFFER, HASH, Certificate, read_certificates
from analysis.frames.coding.codes import judged, votes
from analysis.frames.coding.sample import sheet_rows
from analysis.frames.lexicon import Lexicon
from analysis.numbers import counted, listed, points, with_interval

from ..measured import MEASURES, NAMED, measure
from .findings import Findings
from .methods import choices
from .prose import differences_table, say

FIFTY = 50  # passages that a person codes in one sitting


@dataclass(frozen=True)
class Instrument:
    """The lexicon, turned to the pair of the study, and what measurements of it are known."""

    lexicon: Lexicon
    note: str  # where the lexicon is not used as it was written
    certificates: tuple[Certificate, ...] = ()  # of its frames, pair and language
    here: Certificate | None = None  # what was measured on texts of one corpus
    corrected: pd.DataFrame = field(default_factory=pd.DataFrame)  # shares, if coded passages were drawn from it
    models: pd.DataFrame = field(default_factory=pd.DataFrame)  # codes, as ``code`` gives them
    of_models: pd.DataFrame = field(default_factory=pd.DataFrame)  # shares by these, naive and corrected

    @property
    def uneven(self) -> list[str]:
        """The labels in which it errs differently by outlet, on texts of this corpus."""
        return [label for label, p in self.here.outlets_p.items() if p < DIFFER] if self.here else []

    @property
    def shown(self) -> list[Certificate]:
        """What was measured here, then the others, the one on most passages first."""
        own, rest = self.here, sorted(self.certificates, key=lambda one: -one.n)
        same = own and (own.source, own.date, own.n)
        return [*([own] if own else []), *(one for one in rest if (one.source, one.date, one.n) != same)]


def instrument(
    lexicon: Lexicon | str | Path, about: About | None = None, coded: pd.DataFrame | Certificate | None = None,
    beside: Sequence[Certificate] = (),
) -> Instrument:  # fmt: skip
    """The lexicon for a pair, with its certificates: the one place where the pair of a study is settled."""
    read = lexicon_of(lexicon)
    if about is None and not read.about:
        raise ValueError(
            f"lexicon: {read.name or 'it'} does not name a pair of countries. Give about=('Russia', 'China'), or "
            "about=() to count in every passage."
        )
    if about:
        names(about)  # refuses what is not two known countries
    note, settled = "", read
    if about is not None:
        pair = [name if name in read.about else country(name) for name in about]
        other = set(pair) != set(read.about)
        if isinstance(about, Mapping):  # with names of their own, which count for the lexicon's pair, too
            settled = replace(read, about=dict(zip(pair, about.values(), strict=True)))
        elif other:
            settled = replace(read, about=tuple(pair))
        if read.about and other:
            note = f"The lexicon {read.name} was written for {' and '.join(read.about)}."
    if isinstance(coded, pd.DataFrame):
        coded = replace(an.validate(coded, settled), source="the coded passages given")

    def fits(one: Certificate) -> bool:
        return one.language in settled.each and one.fits(settled.labels, settled.about, one.language)

    if coded is not None and not fits(coded):
        found = f"{', '.join(coded.labels)} about {' and '.join(coded.about) or 'anything'} in {coded.language}"
        raise ValueError(
            f"certificate: it was measured with other frames, for another pair or language than {settled.name}'s. "
            f"Found: {found}. Measure this lexicon with `framing certify`."
        )
    shipped = read_certificates(read.name if isinstance(lexicon, Lexicon) else lexicon)
    known = {one.as_json(): one for one in (coded, *filter(fits, (*beside, *shipped))) if one is not None}
    return Instrument(settled, note, tuple(known.values()))  # one that was named may also lie beside the articles


def measured_here(used: Instrument, found: Findings) -> Instrument:
    """The instrument with what was measured on passages of this corpus, measured again with this lexicon."""
    coded = [(one, rows) for one in used.certificates if len(rows := one.coded(found.passages))]
    plain = replace(used, of_models=by_models(used, found, None))
    if not coded:
        return plain
    first, rows = max(coded, key=lambda pair: ("weight" in pair[1], len(pair[1])))
    doc = rows[["passage_id"]].merge(found.passages[["passage_id", "doc_id"]], on="passage_id")["doc_id"]
    of_doc = found.articles.set_index("doc_id").loc[doc]
    rows = rows.assign(doc_id=doc, outlet=of_doc["outlet"].to_numpy(), story_id=of_doc["story_id"].to_numpy())
    if used.lexicon.parallel:  # each language is measured by itself: the one with most coded passages
        rows = rows.assign(language=of_doc["language"].to_numpy())
        rows = rows[rows["language"] == first.language]
    here = an.validate(rows.drop(columns=["story", "article"], errors="ignore"), used.lexicon)
    if not here.drawn and here.table[["precision", "recall"]].isna().all(axis=None):  # a stray passage or two
        return plain
    here = replace(here, source=first.source, coded_by=first.coded_by, date=first.date)
    if not here.drawn or used.lexicon.parallel:
        return replace(plain, here=here)
    shares, how = an.frame_shares(found.hits, found.passages, unit="passage"), replace(found.how, by="outlet")
    corrected = an.correct_shares(shares, rows, found.articles, passages=found.passages, how=how)
    return replace(used, here=here, corrected=corrected, of_models=by_models(used, found, rows))


def by_models(used: Instrument, found: Findings, coded: pd.DataFrame | None) -> pd.DataFrame:
    """Shares by the codes of models, and corrected by passages that people coded if these were drawn at random."""
    if used.models.empty:
        return pd.DataFrame()
    said = votes(used.models)[0]
    said = said.loc[said.index.isin(found.passages["passage_id"]), [one for one in said if one in found.frames]]
    if said.empty:
        return pd.DataFrame()
    how = replace(found.how, by="outlet")
    if coded is not None and len(rows := coded[coded["passage_id"].isin(said.index)]):
        return an.correct_shares(said, rows, found.articles, passages=found.passages, how=how)
    naive = an.compare_outlets(document_means(said, found.passages), found.articles, how=how)
    return naive.assign(**dict.fromkeys([*CORRECTED, *BY_HAND], np.nan), n_coded=0)


def refuse_strange_models(used: Iterable[Instrument]) -> None:
    """Refuses codes of models of which no corpus has a passage and a frame."""
    given = [one for one in used if len(one.models)]
    if given and all(one.of_models.empty for one in given):
        codes, frames = given[0].models, ", ".join(given[0].lexicon.labels)
        raise ValueError(
            f"model codes: none is of these passages and of a frame of the lexicon. Found passage "
            f"{codes['passage_id'].iloc[0]!r} with {codes['label'].iloc[0]!r}, needed frames: {frames}. Code the "
            "passages of an.passages with the same pair."
        )


def lexicon_of(lexicon: Lexicon | str | Path) -> Lexicon:
    """A lexicon as it is, by the name of one that ships, or from the file at a path."""
    return an.read_lexicon(lexicon) if isinstance(lexicon, (str, Path)) else lexicon


def certificate(used: Instrument, claim: Mapping[str, Any] | None = None, passages: int = FIFTY) -> str:
    """The lexicon, and how right it is in the frame of a claim (else in each), in sentences."""
    n = min(FIFTY, passages)
    if not used.shown:
        return " ".join([say("certificate", used=used, n=n), *_empty(used.lexicon)])
    first, known = used.shown[0], {one.language for one in used.shown}
    own = first.table[first.table["label"].astype("str") == (claim or {}).get("label")]
    rows = first.table if own.empty else own
    models = used.of_models.get("n_coded", pd.Series(dtype="int64"))
    beyond = {"the other frames": len(rows) < len(first.table),
              "shares without the measured error": len(used.corrected) or models.any()}  # fmt: skip
    missing = [language_name(code) for code in used.lexicon.each if code not in known]
    sides = [claim[side] for side in ("outlet", "other")] if claim and "other" in claim else []
    said = say(
        "certificate", used=used, n=n, first=first, source=_source(first), elsewhere=_passages_of(first),
        by=_by(first),
        measures=[_measures(row, ":" * (len(rows) == 1)) for _, row in rows.iterrows()],
        beyond=[what for what, there in beyond.items() if there],
        without=missing if used.lexicon.parallel else [],
        uncoded=[side for side in sides if side not in first.outlets] if used.here and first.outlets else [],
    )  # fmt: skip
    return " ".join([said, *_empty(used.lexicon)])


def _empty(lexicon: Lexicon) -> Iterator[str]:
    if lexicon.empty:
        yield f"No entry finds {listed(lexicon.empty)}: a share of 0 there says nothing."


def _measures(row: pd.Series, colon: str) -> str:
    """Precision and recall in a frame; in an outlet, where they were measured by outlet."""
    where = [str(row[name]) for name in list(row.index)[list(row.index).index("label") :: -1]]
    return f"{', '.join(where)}{colon} precision {measure(row, 'precision')}, recall {measure(row, 'recall')}"


def _passages_of(measured: Certificate) -> str:
    outlets = [outlet for outlet in measured.outlets if outlet != UNKNOWN]
    named = f" of {', '.join(outlets) if len(outlets) <= NAMED else f'{len(outlets)} outlets'}" if outlets else ""
    named += " and of outlets that are not known" if 0 < len(outlets) < len(measured.outlets) else ""
    n = int(measured.codes[HASH].duplicated().sum()) if HASH in measured.codes else 0
    repeats = f", {n:,} of which {'repeats' if n == 1 else 'repeat'} the text of another" if n else ""
    return f"{counted(measured.n, 'passage')}{named}{_source(measured)}{repeats}"


def _source(measured: Certificate) -> str:
    return f" ({measured.source})" if measured.source else ""


def _by(measured: Certificate) -> str:
    who = measured.coded_by or ", ".join(measured.coders)
    return f"by {who}" if who else "[by whom]"


def validation_table(used: Instrument) -> pd.DataFrame | None:
    """Precision, recall and F1 a frame with their intervals, by what they were measured on; None without any."""
    tables = []
    for one in used.shown:
        here = f"{counted(one.n, 'passage')} of these texts{' drawn at random' if one.drawn else _source(one)}"
        where = here if one is used.here else _passages_of(one)
        now = content_hash(used.lexicon.each[one.language])
        where += "" if one.sha256 == now else ", an earlier version of the lexicon"
        columns = {MEASURES[m]: [measure(row, m) for _, row in one.table.iterrows()] for m in MEASURES}
        by = f"{where}, coded {_by(one)}"
        tables.append(pd.DataFrame({"frame": one.table["label"].astype("str"), **columns, "measured on": by}))
    return pd.concat(tables, ignore_index=True) if tables else None


def corrected_table(corrected: pd.DataFrame, by: str) -> pd.DataFrame | None:
    """Shares by an instrument, without its measured error, and by people's codes alone; None without any."""
    if corrected.empty:
        return None
    titles = {by: ["share", "low", "high"], "corrected": CORRECTED, "by the codes alone": BY_HAND}
    shown = {name: [with_interval(*row) for row in corrected[own].to_numpy()] for name, own in titles.items()}
    table = corrected.rename(columns={"label": "frame", "n_coded": "coded passages"})
    note = table["note"].str.replace(DAYS, "stories of one day are alike: interval may be too narrow", regex=False)
    return table[["outlet", "frame"]].assign(**shown, **table[["coded passages"]], note=note)


def model_differences(of_models: pd.DataFrame) -> pd.DataFrame:
    """Differences by models' codes, corrected and naive; none where nothing was corrected."""
    found = corrected_differences(of_models) if len(of_models) else pd.DataFrame(columns=[*DIFFERENCES])
    found = found.dropna(subset="q").sort_values("q", kind="stable", ignore_index=True)
    naive = [points(*row) for row in found[["naive", "naive_low", "naive_high"]].itertuples(index=False)]
    return differences_table(found).assign(naive=naive, note=found["note"])


def entries_table(found: Findings) -> pd.DataFrame:
    """A row an entry: what it looks for, why, and how often it matched in this corpus."""
    hits, parts = found.hits.astype({"frame": "str"}), found.lexicon.each
    keys = ["language", "frame", "entry"] if len(parts) > 1 else ["frame", "entry"]
    if len(parts) > 1:
        codes = found.articles.set_index("doc_id")["language"]
        hits = hits.assign(language=hits["doc_id"].map(codes))
    how_often = {"hits": ("doc_id", "size"), "negated": ("negated", "sum"), "articles": ("doc_id", "nunique")}
    counts = hits.groupby(keys).agg(**how_often)
    rows = [
        # spaced, so that a long choice can go on to the next line; it reads the same as a pattern
        (code, entry.frame, entry.name, " · ".join(entry.match).replace("|", " | "), entry.why)
        for code, one in parts.items() for entry in one.entries
    ]  # fmt: skip
    named = pd.DataFrame(rows, columns=["language", "frame", "entry", "patterns", "why"])
    joined = named[[*keys, "patterns", "why"]].join(counts, on=keys)
    return joined.fillna(dict.fromkeys(counts, 0)).astype(dict.fromkeys(counts, int))


ENDINGS = (".csv", ".tsv", ".xlsx", ".parquet")


def read_coded(path: Path, frames: Sequence[str]) -> pd.DataFrame:
    """The table of a csv, tsv, workbook or parquet file, fit for ``validate``; a complaint names the file."""
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there. Name the file of coded passages.")
    if path.suffix.lower() not in ENDINGS:
        raise ValueError(f"{path}: coded passages are read from files that end in {', '.join(ENDINGS)}.")
    rows = pd.read_parquet(path) if path.suffix.lower() == ".parquet" else sheet_rows(path)
    try:
        judged(coded := rows.reset_index(drop=True), frames)
    except ValueError as complaint:
        raise ValueError(f"{path}: {complaint}") from None
    return coded


# those by which a number or a line of a figure can change
LIBRARIES = ("numpy", "pandas", "pyarrow", "scipy", "scikit-learn", "ftfy", "matplotlib", "jinja2")


def manifest(found: Sequence[Findings], used: Sequence[Instrument], how: Inference) -> pd.DataFrame:
    """``about, what, which``: inputs with their sha256, settings of each step, seed and versions."""
    versions = {"Python": platform.python_version(), NAME: own_version()}
    rows = [
        *_inputs(found, used),
        *(("run", "pair", one.pair or "none: every passage counts") for one in found),
        *(("setting", name, str(value)) for name, value in how.settings().items()), *_decided(found),
        *(("version", *one) for one in (versions | {name: version(name) for name in LIBRARIES}).items()),
    ]  # fmt: skip
    return pd.DataFrame(list(dict.fromkeys(rows)), columns=["about", "what", "which"])


def _inputs(found: Sequence[Findings], used: Sequence[Instrument]) -> Iterator[tuple[str, str, str]]:
    for one in found:
        yield "input", f"{one.name}: articles received", f"{len(one.received):,}"
        yield "input", f"{one.name}: sha256 of them as read", one.digest
        texts = content_hash(one.articles[["doc_id", "text"]].astype("str"))  # as the reviewers' list names it
        yield "input", f"{one.name}: sha256 of their texts after cleaning", texts
    for each in used:
        yield "input", "lexicon", each.lexicon.name
        for code, part in each.lexicon.each.items():
            which = f" ({code})" if each.lexicon.parallel else ""
            yield "input", f"lexicon: sha256{which}", content_hash(part)
        if each.lexicon.source:
            yield "input", "lexicon: source", each.lexicon.source
        for known in each.shown:
            yield "input", f"coded passages: {known.source or 'without a source'}", f"{known.n:,}"
            yield "input", "coded passages: sha256 of their codes", content_hash(known.codes)


def _decided(found: Sequence[Findings]) -> Iterator[tuple[str, str, str]]:
    """What the report decided by itself."""
    for one in found:
        if one.topics is not None:
            yield "setting", f"{one.name}: topics", f"{len(one.topics.words)}, of {one.topic_unit}s"
        if one.scrutiny.claim is not None:
            options = "; ".join(choices(one.scrutiny.curve)) or "none"
            yield "setting", f"{one.name}: options of robustness", options
