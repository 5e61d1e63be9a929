"""Whether a claim about two outlets holds however it is measured: a specification curve and its verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from analysis.compare.differences import REST
from analysis.compare.inference import Inference
from analysis.compare.robustness import measures
from analysis.compare.robustness.cache import Cache, default_folder
from analysis.compare.robustness.measures import FIGURES, Claim, CoderMeasure, Given, Measure, Options, Readings
from analysis.corpus.provenance import content_hash, stamped
from analysis.corpus.stories import outlet_names
from analysis.corpus.tables import check_columns, refuse_unknown
from analysis.frames.lexicon import Lexicon
from analysis.numbers import points

DRAWS, RELABELINGS = 1000, 999  # a curve is read by eye: bounds need no third digit
READ = ["doc_id", "outlet", "date", "title", "text"]  # columns that figures are made from
# An article with any hit also measures length: of two outlets with equal frame rates per sentence, the one with
# longer stories seems to have more. So do windows where the texts of one side are shorter than a window.
LENGTH, WINDOWS, ALIKE = "article", "window", 1.1
NAMED = 4  # options that a verdict names
UNCORRECTED = (
    "No way is corrected by codes of people: errors that these coders share would look like a difference, so the "
    "claim is not confirmed."
)
BAR_AFTER = 30  # seconds: shorter runs need no progress bar, which a notebook would keep among its results


@dataclass(frozen=True, eq=False)
class Robustness:
    """A claim, measured in every defensible way.

    Attributes
    ----------
    table : DataFrame
        One row per way to measure, the usual one first: a column per choice, then ``difference, low, high, p,
        n_stories, n_others, words, other_words`` (of a mean passage on either side), ``same_sign`` (the difference
        has the sign that is claimed), ``clear`` (its interval also excludes zero) and ``counted`` (the row can
        support the claim).
    claim : Claim
        ``outlet, other, label, sign``.
    verdict : str
        How many ways support the claim, with which options none does, and the choice with most effect.
    effects : DataFrame
        ``choice, option, n, difference, same_sign, clear, variance``: means over the counted rows with this
        option, and the part of the variance of all differences between the choice's options (eta squared), the
        largest first. Rows for which the choice had only one option do not count.
    confirmed : bool
        Whether every counted way is clear; of coders only if people's codes correct one of the ways.
    """

    table: pd.DataFrame
    claim: Claim
    verdict: str
    effects: pd.DataFrame
    confirmed: bool = False


def robustness(
    articles: pd.DataFrame, instrument: Lexicon | Sequence[str] | Mapping[str, Given] | Readings, claim: Any, *,
    options: Options | None = None, how: Inference | None = None, cache: str | Path | None = "default",
    workers: int = -1,
) -> Robustness:  # fmt: skip
    """Difference that a claim is about, measured in every defensible way.

    Parameters
    ----------
    articles : DataFrame
        As read: cleaning and marking copies are among the choices.
    instrument : Lexicon, sequence of str or mapping
        The lexicon whose frame the claim is about; or words that identify a topic: in each model, the one with the
        largest part in these words; or several coders by their names: shares of documents (of a lexicon, a
        classifier), the table of ``code`` (each model, prompt and run is a coder), and a pair of that table and
        people's codes, with their probabilities, for the difference that ``correct_shares`` leaves. Or what
        ``measures.readings`` kept of a lexicon, without the texts.
    claim
        A row of ``outlet_differences``, or ``(outlet, other, label)`` with a fourth value of 1 (the default) for
        "more" or -1 for "less". ``other`` may be "the rest".
    options : mapping, optional
        Choices that replace the usual ones, the first of each being the usual. For frames ``cleaned`` (True,
        False, or "before": texts and stories stay as given), ``unit`` ("sentence", "window", "article"),
        ``lexicon`` ("whole", "without" each entry of the frame, "without @" each list it uses); for topics
        ``cleaned``, ``min_df``, ``k``, ``engine``, ``seed``; of coders ``coder``. For all ``copies`` ("weighted",
        "original", "every article") and ``period``: "all", "shared" (from the later first to the earlier last
        date of the two sides), or "day", "week", "month", "quarter" or "year" for the difference within those
        that both sides covered.
    how : Inference, optional
        By default 1,000 draws and 999 relabelings; ``cluster`` and ``reprints`` are choices.
    cache : str, Path or None
        The folder for results (not of coders), so that a run after a stop continues; None keeps nothing. A result
        is used again only for the same texts, instrument, claim, choices, code and versions of packages.
    workers : int
        Processes; -1 for as many as there are cores. The results do not depend on it.

    Returns
    -------
    Robustness
        ``table`` with a row per way to measure, the ``verdict``, and the ``effects`` of each choice.

    Notes
    -----
    Simonsohn, Simmons & Nelson (2020), *Nature Human Behaviour* 4; the multiverse of Steegen et al. (2016),
    *Perspectives on Psychological Science* 11. All ways share their texts: that most agree shows that the claim
    does not depend on a choice, not that it is true, nor does its sign test a claim chosen from the same data.
    Entire articles as units are shown but not counted: longer ones have any hit more often, whatever they say. For
    the same reason windows count only where the mean passages of both sides differ by a tenth at most.

    Examples
    --------
    >>> import analysis as an
    >>> seeds = an.load_example("seeds")
    >>> tried = {"cleaned": [True], "unit": ["window", "article"], "copies": ["every article"], "period": ["all"],
    ...          "lexicon": ["whole"]}
    >>> found = robustness(seeds, an.read_lexicon("russia-china"), ("Washington Times", "Taipei Times", "economy"),
    ...                    options=tried, cache=None, workers=1)
    >>> found.table[["unit", "lexicon", "same_sign", "counted"]]
          unit lexicon  same_sign  counted
    0   window   whole       True     True
    1  article   whole      False    False
    """
    if not isinstance(articles, pd.DataFrame):
        raise TypeError(f"articles: must be a DataFrame, and come first. Found: {type(articles).__name__}.")
    how, stated = how or Inference(draws=DRAWS, relabelings=RELABELINGS), claimed(claim)
    measure = _measure(instrument)
    check_columns(articles, ["doc_id", "text", how.by], where="articles")
    known = {*outlet_names(articles[how.by]), REST}
    for outlet in stated[:2]:
        refuse_unknown("claim", outlet, "an outlet of these articles", sorted(known))
    chosen = _options(measure, stated, options, articles)
    ways = measure.ways(chosen)
    marks = measures.STORY if measures.BEFORE in chosen.get("cleaned", ()) else ()
    columns = [name for name in dict.fromkeys([*READ, how.by, *marks]) if name in articles]
    cache = None if isinstance(measure, CoderMeasure) else cache
    store = Cache(default_folder() if cache == "default" else None if cache is None else Path(cache),
                  [content_hash(articles[columns]), repr(instrument), stated, how.settings()])  # fmt: skip
    rows = _measured(measures.Work(measure, stated, how), articles, ways, store, workers)
    table = judged(pd.DataFrame(rows, columns=[*chosen, *FIGURES]), stated)
    lexicon = instrument if isinstance(instrument, Lexicon) else None
    words = [] if isinstance(instrument, (Lexicon, Readings)) else list(map(str, instrument))
    settings = how.settings(options=chosen, words=words)
    table = stamped(table, "robustness", {"articles": articles, "lexicon": lexicon}, settings)
    said, counted = verdict(table, stated), table[table["counted"]]
    clear = counted.dropna(subset="difference")["clear"]
    confirmed = len(clear) > 1 and bool(clear.all())
    if isinstance(measure, CoderMeasure) and not measure.corrected:
        confirmed, said = False, f"{said} {UNCORRECTED}"
    return Robustness(table, stated, said, choice_effects(counted), confirmed)


def _measured(
    work: measures.Work, articles: pd.DataFrame, ways: list[measures.Choices], store: Cache, workers: int
) -> list[dict[str, Any]]:
    """Each way with its figures: those that were kept before, else measured now and kept."""
    figures = {repr(way): kept for way in ways if (kept := store.load(way))}
    missing = [way for way in ways if repr(way) not in figures]
    with tqdm(total=len(ways), initial=len(figures), disable=None, unit="way", delay=BAR_AFTER) as bar:
        for way, result in measures.measured(work, articles, missing, workers):
            store.save(way, result)
            figures[repr(way)] = result
            bar.update()
    return [{**way, **figures[repr(way)]} for way in ways]


def claimed(claim: Any) -> Claim:
    """The claim, from a row of ``outlet_differences``, a mapping or a tuple."""
    if isinstance(claim, (pd.Series, Mapping)):
        sign = claim["sign"] if "sign" in claim else (1 if claim["difference"] >= 0 else -1)
        claim = (claim["outlet"], claim["other"], claim["label"], sign)
    if not isinstance(claim, tuple) or len(claim) not in (3, 4) or (len(claim) == 4 and claim[3] not in (1, -1)):
        expected = "a row of outlet_differences, (outlet, other, label), or these with 1 or -1"
        raise ValueError(f"claim: must be {expected}. Found: {claim!r}.")
    return Claim(str(claim[0]), str(claim[1]), str(claim[2]), int(claim[3]) if len(claim) == 4 else 1)


def judged(table: pd.DataFrame, claim: Claim) -> pd.DataFrame:
    """The table with ``same_sign``, ``clear`` and ``counted``."""
    table[FIGURES] = table[FIGURES].astype("float64")
    signed = table[["difference", "low", "high"]] * claim.sign
    longer = (table["words"] / table["other_words"]).fillna(1.0)
    unit = table["unit"] if "unit" in table else pd.Series("", table.index)
    counted = (unit != LENGTH) & ((unit != WINDOWS) | longer.between(1 / ALIKE, ALIKE))
    return table.assign(
        same_sign=signed["difference"] > 0, clear=signed[["low", "high"]].min(axis=1) > 0, counted=counted
    )


def choice_effects(table: pd.DataFrame) -> pd.DataFrame:
    """How much each choice moves the difference; see ``Robustness.effects``."""
    known = table.dropna(subset="difference")  # a way without stories varies nothing
    total = ((known["difference"] - known["difference"].mean()) ** 2).sum()
    tables = [pd.DataFrame(columns=["choice", "option", "n", "difference", "same_sign", "clear", "variance"])]
    given = known.loc[:, :"difference"].drop(columns="difference").astype("str")
    given = given.loc[:, [len(given[name].unique()) > 1 for name in given]]
    for choice in map(str, given):
        alike = [given[name] for name in given if name != choice] or [pd.Series("", given.index)]
        varied = given[choice].groupby(alike).transform("nunique") > 1  # another row differs in this choice alone
        rows = known[varied]
        grouped = rows.groupby(given.loc[rows.index, choice], sort=False)
        effect = grouped.agg(n=("difference", "size"), difference=("difference", "mean"),
                             same_sign=("same_sign", "mean"), clear=("clear", "mean"))  # fmt: skip
        between = (effect["n"] * (effect["difference"] - rows["difference"].mean()) ** 2).sum()
        effect["variance"] = round(between / total, 9) if total > 0 else 0.0
        tables.append(effect.rename_axis("option").reset_index().assign(choice=choice))
    effects = pd.concat(tables[1:] or tables).sort_values("variance", ascending=False, kind="stable")
    return effects.reset_index(drop=True)[list(tables[0])]


def verdict(table: pd.DataFrame, claim: Claim) -> str:
    """The claim, the ways that support it, the options with which none does, and the choice with most effect."""
    rows = table[table["counted"]].dropna(subset="difference")
    if rows.empty:
        return f"{claim}: no way to measure it finds stories of both sides."
    n, clear = len(rows), int(rows["clear"].sum())
    reach = f"{clear or (0 if n == 1 else 'none')} of {n} way{'s' * (n != 1)}"
    if clear == n > 1:
        reach = "both ways" if n == 2 else f"all {n} ways"
    parts = [f"{claim}: the interval excludes zero in {reach} to measure it.", *_others(rows)]
    low, middle, high = (points(float(rows["difference"].quantile(part))) for part in (0, 0.5, 1))
    if n > 1:
        apart = f"run from {low} to {high} points, median {middle}" if low != high else f"are all {low} points"
        parts.append(f"Differences {apart}.")
    effects = choice_effects(table[table["counted"]])
    return " ".join([*parts, *_vanishing(effects, clear), *_strongest(effects), *_uncounted(table)])


def _others(rows: pd.DataFrame) -> list[str]:
    """What the ways that are not clear show."""
    unclear = rows[~rows["clear"]]
    bounded, same = unclear["low"].notna(), unclear["same_sign"]
    numbers = {
        "the sign is the same, but the interval includes zero": int((same & bounded).sum()),
        "the sign is the same, but stories are too few for an interval": int((same & ~bounded).sum()),
        "the sign is another, or the difference is 0": int((~same).sum()),
    }
    parts = "; in ".join(f"{n} {what}" for what, n in numbers.items() if n)
    return [f"In {parts}."] if parts else []


def _vanishing(effects: pd.DataFrame, clear: int) -> list[str]:
    """The options with which no way is clear, where others are."""
    lost = effects[effects["clear"] == 0] if clear else effects[:0]
    names = list(map("{} “{}”".format, lost["choice"], lost["option"]))
    more = [f"{len(names) - NAMED} more options"] if len(names) > NAMED else []
    return [f"With {' or '.join([*names[:NAMED], *more])} no interval excludes zero."] if names else []


def _strongest(effects: pd.DataFrame) -> list[str]:
    if effects.empty or effects["variance"].iloc[0] == 0:
        return []
    most = effects[effects["choice"] == effects["choice"].iloc[0]]
    ends = most if len(most) < 4 else most.loc[[most["difference"].idxmax(), most["difference"].idxmin()]]
    sizes = [f"{size} point{'s' * (size[1:] != '1')}" for size in map(points, ends["difference"])]
    if len({*sizes}) == 1:  # what differs only in decimals that nobody prints depends on nothing
        return []
    options = ", ".join(map("{} with “{}”".format, sizes, ends["option"]))
    choice, part = most["choice"].iloc[0], most["variance"].iloc[0]
    if len(most) == len(effects):  # with one choice, its part of the variance is no finding
        return [f"Among the ways that count only {choice} varies: on average {options}."]
    return [f"They depend most on {choice} ({100 * part:.0f} % of their variance): on average {options}."]


def _uncounted(table: pd.DataFrame) -> list[str]:
    rows = table[~table["counted"]].dropna(subset="difference")
    if rows.empty:
        return []
    middle, units = points(rows["difference"].median()), " and ".join(map(str, pd.unique(rows["unit"])))
    ways = f"{len(rows)} way{'s' * (len(rows) != 1)} by {units} (median {middle} points)"
    return [f"Not counted: {ways}, where one hit is enough and longer texts have more hits."]


def _measure(instrument: Lexicon | Sequence[str] | Mapping[str, Given] | Readings) -> Measure:
    if isinstance(instrument, Readings):
        return instrument
    if isinstance(instrument, Lexicon):
        return measures.FrameMeasure(instrument)
    if isinstance(instrument, Mapping):
        return CoderMeasure(instrument)
    if isinstance(instrument, str) or not all(isinstance(word, str) for word in instrument) or not len(instrument):
        expected = "a lexicon, a list of words that identify a topic, or coders by their names"
        raise ValueError(f"instrument: must be {expected}. Found: {instrument!r}.")
    return measures.TopicMeasure(instrument)


def _options(
    measure: Measure, claim: Claim, given: Options | None, articles: pd.DataFrame
) -> dict[str, list[Any]]:
    dated = "date" in articles and articles["date"].notna().any()
    periods = ["all", "shared"] if dated else ["all"]
    usual = measure.options(claim.label) | {"copies": list(measures.COPIES), "period": periods}
    for name in given or ():
        refuse_unknown("options", name, "a choice", usual)
    chosen = usual | {name: list(values) for name, values in (given or {}).items()}
    for name, known in (("copies", tuple(measures.COPIES)), ("period", measures.PERIODS)):
        for value in chosen[name]:
            refuse_unknown("options", value, f"an option of {name}", known)
    return chosen
