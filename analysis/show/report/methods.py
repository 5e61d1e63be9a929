"""The paragraph on methods for a paper, written from results, and the works it rests on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis.compare.differences import REST
from analysis.compare.inference import Inference
from analysis.compare.observations import NO_STORIES
from analysis.corpus.files import shipped
from analysis.corpus.provenance import content_hash, versions
from analysis.frames.lexicon import Lexicon
from analysis.numbers import counted

from ..measured import measure

BLANK = "______"  # is seen in print, and is easily searched for
UNSTATED = "[not recorded]"  # a setting that merging, filtering or writing to a file has lost
# What a table is, by columns that no other has; the first that fits counts.
KINDS: dict[str, set[str]] = {
    "articles": {"doc_id", "outlet", "text"},
    "robustness": {"difference", "same_sign", "clear", "counted"},
    "decomposition": {"outlet", "other", "label", "framing", "selection"},
    "differences": {"outlet", "other", "label", "difference", "q"},
    "changes": {"outlet", "label", "period", "before", "after", "q"},
    "influence": {"outlet", "entry", "influence"},
    "trends": {"outlet", "label", "period", "share", "low", "high"},
    "estimates": {"outlet", "label", "share", "low", "high"},
    "validation": {"label", "precision", "recall"},
}


class Results:
    """Results sorted by what they are, whichever way they took: a table is known by its columns."""

    def __init__(self, results: tuple[Any, ...], validation: Any = None) -> None:
        self.coded_by = getattr(validation, "coded_by", "")
        self.lexicons = [one for one in results if isinstance(one, Lexicon)]
        self.settings = [one for one in results if isinstance(one, Inference)]
        tables = [one for one in results if not isinstance(one, (Lexicon, Inference))]
        self.tables: dict[str, list[pd.DataFrame]] = {name: [] for name in KINDS}
        for at, one in enumerate([*tables, *([] if validation is None else [validation])], 1):
            table = _with_label(getattr(one, "table", one))
            self.tables[_kind(table, at)].append(table)

    def __getitem__(self, kind: str) -> pd.DataFrame:
        """All rows of one kind, those of each of its tables; without columns where none is given."""
        return pd.concat(self.tables[kind], ignore_index=True) if self.tables[kind] else pd.DataFrame()

    def count(self, kind: str) -> int:
        return len(self.tables[kind])

    @property
    def records(self) -> list[dict[str, Any]]:
        """What tables carry about how they were made; nothing of those where that was lost."""
        return _records([table for tables in self.tables.values() for table in tables])

    def __bool__(self) -> bool:
        return bool(self.lexicons or any(self.tables.values()))


def _with_label(table: Any) -> Any:
    named = isinstance(table, pd.DataFrame) and "frame" in table and "label" not in table
    return table.rename(columns={"frame": "label"}) if named else table


def _kind(table: Any, at: int) -> str:
    columns = set(map(str, table.columns)) if isinstance(table, pd.DataFrame) else set()
    for name, wanted in KINDS.items():
        if wanted <= columns:
            return name
    found = ", ".join(sorted(columns)) or type(table).__name__
    raise ValueError(
        f"results: number {at} is not a result this text can describe. Found: {found}. Give articles, a lexicon, "
        "the settings (Inference), or what compare_outlets, outlet_differences, outlet_changes, robustness, "
        "entry_influence and validate return."
    )


def methods_text(*results: Any, validation: Any = None) -> str:
    """The paragraph for the paper: how results were made, with the references beneath.

    Several results of one kind are described once, and counted. What the results do not show is left to you: in
    square brackets, or as ``______``.

    Parameters
    ----------
    *results
        Articles, a lexicon, the settings (``Inference``, or as far as a table still carries them), and what
        ``compare_outlets``, ``outlet_differences``, ``outlet_changes`` and ``robustness`` return.
    validation
        From ``validate``; its precision and recall are then stated.

    Returns
    -------
    str
        The paragraph, a blank line, and a line per reference.

    Raises
    ------
    ValueError
        ``results`` is empty, or one of them is of another kind.

    Examples
    --------
    >>> import analysis as an
    >>> shares = pd.DataFrame({"economy": [0.1, 0.4]}, index=["a", "b"])
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "outlet": "DW", "story_id": ["a", "b"]})
    >>> print(methods_text(an.compare_outlets(shares, articles))[:63])
    We estimated the share of each label in each outlet (1 share, 1
    """
    known = Results(results, validation)
    written = [SENTENCES[kind](known, _recorded(known, kind)) for kind in SENTENCES if known.count(kind)]
    if not written:
        raise ValueError("results: nothing to describe. Give the tables that the paper reports.")
    text = " ".join([*written, _stories(known), _instrument(known), _closing(known)])
    works = shipped(__package__ or __name__, "references.yaml")
    return "\n".join([text, "", *sorted(work for cited, work in works.items() if cited in text)])


def _recorded(known: Results, kind: str) -> Callable[[str], str]:
    """The settings of one kind of result as they are printed; several values are all named."""

    def setting(name: str) -> str:
        values = [getattr(one, name) for one in known.settings if hasattr(one, name)]
        values = values or [record["settings"].get(name) for record in _records(known.tables[kind])]
        shown = dict.fromkeys(
            f"{value:,}" if type(value) is int else str(value) for value in values if value is not None
        )
        return ", ".join(shown) or UNSTATED

    return setting


def _records(tables: list[pd.DataFrame]) -> list[dict[str, Any]]:
    """What tables carry about how they were made; nothing where that was lost."""
    return [table.attrs["made"] for table in tables if "made" in table.attrs]


def _estimates(known: Results, setting: Callable[[str], str], kind: str = "estimates") -> str:
    table = known[kind]
    text = (
        f"We estimated the share of each label in each outlet ({counted(len(table), 'share')}, "
        f"{counted(table['outlet'].nunique(), 'outlet')}). Shares are means over stories, with "
        f"{_hundredths(setting('level'), '%')} beta intervals that allow for a story not seen (Tiwari et al., "
        "2006)."
    )
    if setting("simultaneous") == "True":
        text += (
            " Intervals hold for all outlets of a label at once (max-t over Bayesian bootstrap resamples; "
            "Westfall & Young, 1993; Rubin, 1981)."
        )
    if "pooled" in table:
        text += " Shares were also partially pooled over outlets, beta-binomially (Christiansen & Morris, 1997)."
    return text


def _trends(known: Results, setting: Callable[[str], str]) -> str:
    text = _estimates(known, setting, "trends")
    return f"{text} A story counts in the period ({setting('period')}) of an outlet's first print of it."


def _differences(known: Results, setting: Callable[[str], str]) -> str:
    table, tables = known["differences"], known.count("differences")
    against = "each outlet with all others" if (table["other"] == REST).all() else "outlets two by two"
    within = "all of them" if tables == 1 else f"the comparisons of each of {tables} tables"
    if not table["p"].notna().any():
        return "No two outlets have two stories each, so no difference was tested."
    text = (
        f"We compared {against} ({counted(int(table['p'].notna().sum()), 'comparison')}): differences of mean "
        "shares with square-and-add intervals (Newcombe, 1998; Zou & Donner, 2008) over resampled stories "
        "(Rubin, 1981); p is 1 minus the highest level at which the interval excludes 0, with the false discovery "
        f"rate controlled over {within} (Benjamini & Hochberg, 1995). A difference is reported where q < .05 and "
        f"its interval excludes 0. Differences below {_hundredths(setting('margin'), 'points')} were taken not to "
        "matter: equivalence by two one-sided tests (Schuirmann, 1987), corrected over the same comparisons "
        "(Holm, 1979)."
    )
    if "control" in table and (names := sorted({name for name in table["control"].dropna() if name})):
        text += (
            f" Differences were also taken within each {' or '.join(names)} that both outlets cover, weighted by "
            "their stories there."
        )
    return text


def _hundredths(setting: str, unit: str) -> str:
    if setting == UNSTATED:
        return setting
    return f"{', '.join(f'{float(one) * 100:g}' for one in setting.split(', '))} {unit}"


def _decomposition(_: Results, setting: Callable[[str], str]) -> str:
    return (
        "Differences were split into the part found within events that both outlets covered "
        f"(event: {setting('split')}) and the part due to which events they covered (Kitagawa, 1955; Ñopo, 2008), "
        "with square-and-add intervals of the latter (Zou & Donner, 2008); tests exchange outlets event by event, "
        "with the false discovery rate controlled (Benjamini & Hochberg, 1995)."
    )


def _changes(_: Results, setting: Callable[[str], str]) -> str:
    return (
        f"A change is the largest step over all ends of periods ({setting('period')}; Andrews, 1993), tested "
        f"against {setting('draws')} series without a step, of a mood that lasts (autocorrelation .9), with the "
        "false discovery rate controlled (Benjamini & Hochberg, 1995)."
    )


def _robustness(known: Results, _: Callable[[str], str]) -> str:
    curves = known.tables["robustness"]
    which = "The claim was" if len(curves) == 1 else f"Each of {len(curves)} claims was"
    return (
        f"{which} measured in every combination of defensible choices: {' and '.join(map(_combined, curves))}. We "
        "report the whole specification curve (Simonsohn et al., 2020; Steegen et al., 2016)."
    )


def _combined(curve: pd.DataFrame) -> str:
    """How many specifications there are, of which choices, and how many of them can support the claim."""
    number, options = len(curve), "; ".join(choices(curve))
    count = int((curve["counted"] & curve["difference"].notna()).sum())
    rest = f", of which {count:,} count: not those by entire article or without stories" if count < number else ""
    return f"{counted(number, 'specification')}{f' (options: {options})' if options else ''}{rest}"


def choices(curve: pd.DataFrame) -> list[str]:
    """The choices that were varied in a specification curve, with their number of options."""
    named = list(curve.columns[: list(curve.columns).index("difference")])
    options = {name: curve[name].astype("str").nunique() for name in named}
    return [f"{name}: {count}" for name, count in options.items() if count > 1]


SENTENCES: dict[str, Callable[[Results, Callable[[str], str]], str]] = {
    "estimates": _estimates,
    "trends": _trends,
    "differences": _differences,
    "decomposition": _decomposition,
    "changes": _changes,
    "robustness": _robustness,
}


def _stories(known: Results) -> str:
    articles = known["articles"]
    notes = pd.concat(
        [known[kind]["note"] for kind in SENTENCES if "note" in known[kind]] or [pd.Series(dtype="str")]
    )
    if ("story_id" in articles) < bool(len(articles)) or notes.str.contains(NO_STORIES, regex=False).any():
        return "Reprints were not separated from stories: each article was one observation."
    if articles.empty:
        return "Articles that reprint one story were one observation."
    counts = f"{counted(len(articles), 'article')}, {counted(articles['story_id'].nunique(), 'story')}"
    return f"Articles that reprint one story were one observation ({counts})."


def _instrument(known: Results) -> str:
    given = [(lexicon.name, content_hash(lexicon)) for lexicon in known.lexicons]
    recorded = [found for record in known.records if (found := _recorded_lexicon(record))]
    named = " and ".join(
        f"{name or 'lexicon'} (sha256 {digest})" for name, digest in dict.fromkeys(given or recorded)
    )
    if not named:
        return "[Say how the shares were measured, and how well: precision and recall, coded by whom.]"
    return f"Frames were found by the lexicon {named} {_how_well(known)}."


def _how_well(known: Results) -> str:
    validation = known["validation"]
    if validation.empty:
        return "[say its precision and recall]"
    rows = [
        f"{row['label']}: precision {measure(row, 'precision')}, recall {measure(row, 'recall')}"
        for _, row in validation.iterrows()
    ]
    size = f"{validation['n'].max():,} passages" if "n" in validation else "passages"
    return (
        f"({'; '.join(rows)}; on {size} {f'coded by {known.coded_by}' if known.coded_by else '[coded by whom]'})"
    )


def _recorded_lexicon(record: dict[str, Any]) -> tuple[str, str] | None:
    """The lexicon behind a result, as far back as the records of its inputs go."""
    for name, given in record.get("from", {}).items():
        if name == "lexicon":
            return str(given.get("name", "")), str(given["sha256"])
        if found := _recorded_lexicon(given.get("made", {})):
            return found
    return None


def _closing(known: Results) -> str:
    seeds = [str(one.seed) for one in known.settings] or [
        str(record["settings"]["seed"]) for record in known.records if "seed" in record["settings"]
    ]
    steps: dict[str, dict[str, set[str]]] = {}  # by input and hash: a robustness curve reads articles as received
    for record in known.records:
        for name, given in record["from"].items():
            steps.setdefault(name, {}).setdefault(given["sha256"], set()).add(record["step"])
    inputs = [
        f"{name} {digest}" + (f" ({', '.join(sorted(by)).replace('_', ' ')})" if len(digests) > 1 else "")
        for name, digests in sorted(steps.items())
        for digest, by in sorted(digests.items())
    ]
    hashes = f" inputs by their sha256: {', '.join(inputs)};" if inputs else ""
    used = ", ".join(f"{name} {value}" for name, value in versions().items())
    return f"Seed {', '.join(sorted(set(seeds))) or UNSTATED};{hashes} {used}."
