"""Findings as people read them: sentences and rounded tables, written from the tables that hold the numbers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.compare.correction.shares import corrected_differences
from analysis.compare.effects import ALPHA, NOT_CLEAR, TOO_LITTLE, different
from analysis.corpus.language import language_name
from analysis.corpus.passages import language_of
from analysis.corpus.stories import UNKNOWN
from analysis.frames.lexicon import Lexicon
from analysis.numbers import MINUS, chance, counted, figure, in_points, listed, points

from .findings import Findings
from .methods import TEXT, on_one_line
from .scrutiny import MARGIN, PAIR, Scrutiny, holds

OPEN = (TOO_LITTLE, NOT_CLEAR)  # verdicts that leave open whether two outlets differ
NO_STORY = "too few stories to compare"
WAYS = {  # options of robustness, as a sentence names them
    "sentence": "by sentence", "window": "by window of words", "article": "by entire article",
    "weighted": "counting copies", "original": "counting originals alone",
    "every article": "counting every article",
}  # fmt: skip
OUTLETS = 20  # in a figure or table of the page; the table to download has all
NO_COPIES = "Among the articles of these two outlets with a passage{about}, none repeats another."
DAILY, WITHOUT = "counting days, as stories of one day are alike,", "without the measured error of the lexicon"
UNNEGATED = "The lexicon has no words for negation (negation: words: [no, not, …]), so negated hits count, too."
VARIED = {"unit": "the unit of text", "period": "the period", "copies": "how copies count"}


def overall_sentence(overall: pd.DataFrame, tested: pd.DataFrame) -> str:
    """In which frames three or more outlets differ, and where no pair does, or none within what both cover."""
    if len({*tested["outlet"], *tested["other"]}) < 3:
        return ""
    labels, differ = overall["label"], overall["verdict"].eq("the outlets differ")
    within = tested.get("standardised_verdict", pd.Series("different", tested.index)) == "different"
    shared = tested.get("standardised", pd.Series(0.0, tested.index)).notna()
    rows = different(tested), within, shared
    pair, held, known = (labels.isin(tested.loc[which, "label"]) for which in rows)
    which = {
        "apart": differ,
        "rest": ~differ & ~pair,
        "lone": differ & ~pair,
        "unsure": differ & pair & known & ~held,
    }
    return say("overall", **{name: labels[rows].tolist() for name, rows in which.items()})


def say(name: str, **values: Any) -> str:
    """A sentence of sentences.j2."""
    return on_one_line(getattr(TEXT.get_template("sentences.j2").module, name)(**values))


def outcome(row: Mapping[str, Any], claim: Mapping[str, Any]) -> str:
    """What became of a clear claim in another measurement: nothing where it is as clear, or was not before."""
    if pd.isna(row["difference"]):
        return NO_STORY
    if pd.isna(row["low"]):
        return "too few stories for an interval"
    sign = 1 if claim["difference"] > 0 else -1
    low, high = sorted((row["low"] * sign, row["high"] * sign))
    uncertain = row.get("q", 0.0) >= ALPHA  # as the first sentence of the report says
    if not is_different(claim) or (low > 0 and not uncertain):
        return ""
    if uncertain and (low > 0 or high < 0):
        return NOT_CLEAR
    return "reversed" if high < 0 else "not clear"


def size_of(row: Mapping[str, Any]) -> str:
    interval = "" if pd.isna(row["low"]) else f" [{figure(row['low'])}, {figure(row['high'])}]"
    return f"{in_points(row['difference'])}{interval}"


def _check(claim: Mapping[str, Any], ways: Mapping[str, Mapping[str, Any]]) -> str:
    """Whether a clear claim is clear in other ways to measure it, and the difference in each."""
    became = [outcome(row, claim) for row in ways.values()]
    line = "; ".join(
        f"{end if end == NO_STORY else f'{size_of(row)}, {end},' if end else size_of(row)} {way}"
        for (way, row), end in zip(ways.items(), became, strict=True)
    )
    if is_different(claim):
        known = "Not known" if any(became) else "Yes"
        line = f"{'No' if {'not clear', NOT_CLEAR, 'reversed'} & {*became} else known}: {line}"
    return f"{line[0].upper()}{line[1:]}."


def is_different(claim: Mapping[str, Any]) -> bool:
    """Whether a tested difference may be called so."""
    return bool(different(pd.DataFrame([claim])).iloc[0])


def comparisons_sentence(tested: pd.DataFrame) -> str:
    """How many comparisons differ, and how many cannot be decided."""
    clear = different(tested)
    counts = {"clear": int(clear.sum()), "undecided": int(tested["verdict"].isin(OPEN).sum())}
    if "standardised" in tested and clear.any():
        within = {"kept": holds(tested), "opposite": holds(tested, -1), "few": tested["standardised"].isna()}
        counts |= {name: int((clear & which).sum()) for name, which in within.items()}
    return say("comparisons", n=len(tested), **counts)


def undecided(differences: pd.DataFrame, margin: float = MARGIN) -> str:
    """What the comparisons that are not clear leave open, so that "not found" is not read as "not there"."""
    verdicts = differences.dropna(subset="q")["verdict"]
    numbers = {"too_little": verdicts == TOO_LITTLE, "unclear": verdicts == NOT_CLEAR,
               "alike": verdicts.str.startswith("no difference")}  # fmt: skip
    counts = {name: int(which.sum()) for name, which in numbers.items()}
    return say("undecided", n=len(verdicts), size=f"{margin * 100:.0f} points", **counts)


def basis(found: Findings) -> str:
    """What the answer rests on: passages, articles, stories, outlets, period, language."""
    used = found.articles[found.articles["doc_id"].isin(found.passages["doc_id"])]
    if used.empty:
        return f"Read: {counted(len(found.articles), 'article')}."
    dates, named = used["date"].dropna(), used.loc[used["outlet"] != UNKNOWN, "outlet"]
    days = dict.fromkeys(f"{day:%Y-%m-%d}" for day in (dates.min(), dates.max()) if len(dates))
    return say("basis", found=found, used=used, named=named, days=list(days), n_dated=len(dates),
               languages=languages(used))  # fmt: skip


def languages(articles: pd.DataFrame) -> list[str]:
    """The languages of articles, most frequent first: by their column ``language``, else by their texts."""
    counts = language_of(articles).value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return [language_name(str(code)) for code in counts.index if code] or ["an unknown language"]


def checks(found: Findings, corrected: pd.DataFrame | None = None) -> dict[str, str]:
    """Whether period, unit, copies, instrument and its measured errors change the answer: a line each."""
    scrutiny, claim = found.scrutiny, found.scrutiny.claim
    if claim is None:
        return {}
    events = _check(claim, {DAILY.rstrip(","): scrutiny.by_day}) if scrutiny.by_day else ""
    if alone := one_day(found, claim):
        events = f"Not checked: {alone}, so how alike stories of a day are is not known."
    lines = {
        "Period": _period(found, claim),
        "Events": events,
        "Unit": _each(scrutiny, "unit"),
        "Copies": _each(scrutiny, "copies") if len(_ways(scrutiny.curve, "copies")) > 1 else no_copies(found.pair),
        "Instrument": leaning(scrutiny.influence, claim) or "No entry of the lexicon matched here.",
        "Errors": "" if corrected is None else without_error(corrected, claim),
    }
    return {what: line for what, line in lines.items() if line}


def no_copies(pair: str) -> str:
    """That none of the articles that are compared repeats another; others of the outlets may."""
    return NO_COPIES.format(about=f" about {pair}" if pair else "")


def one_day(found: Findings, claim: Mapping[str, Any]) -> str:
    """Which outlet is known to have written on one day alone, so that its days cannot be compared."""
    alone = {
        name: part for name, part in _sides(found, claim).items()
        if len({*part["date"].dropna().dt.date}) == 1 < len({*part["story_id"]})
    }  # fmt: skip
    known = [name for name, part in alone.items() if part["date"].notna().all()]
    said = [f"{listed(known)} wrote on one day alone"] if known else []
    parts = [*said, *undated(alone)]
    return listed(parts) if parts else ""


def undated(sides: Mapping[str, pd.DataFrame]) -> list[str]:
    """How many articles of each outlet have no date that was read; nothing of an outlet that has all."""
    lost = {name: (int(part["date"].isna().sum()), len(part)) for name, part in sides.items()}
    return [
        f"{n:,} of {counted(of, 'article')} of {name} with a passage {'has' if n == 1 else 'have'} no known date"
        for name, (n, of) in lost.items()
        if n
    ]


def _sides(found: Findings, claim: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The articles with a passage of the two outlets of the claim."""
    used = found.articles[found.articles["doc_id"].isin(found.passages["doc_id"])]
    return {str(claim[side]): used[used["outlet"] == claim[side]] for side in ("outlet", "other")}


def claimed(claim: Mapping[str, Any]) -> str:
    """The difference that is checked."""
    what = f"{claim['label']}, {claim['outlet']} {MINUS} {claim['other']}, {size_of(claim)}"
    if is_different(claim):
        return f"Is this difference also clear when it is measured in other ways: {what}?"
    reason = "not clear: its interval includes 0" if claim["low"] <= 0 <= claim["high"] else NOT_CLEAR
    return f"The clearest difference, {what}, is {reason}. Measured in other ways:"


def _period(found: Findings, claim: Mapping[str, Any]) -> str:
    """The claim's difference in what both outlets cover: their common days, and period by period."""
    if not claim.get("control"):
        return "Not checked: no article has a date."
    sides = _sides(found, claim)
    lost = f" {listed(without_date)}." if (without_date := undated(sides)) else ""
    if not claim["window"]:
        if without := [name for name, part in sides.items() if part["date"].isna().all()]:
            return f"Not checked: no article of {listed(without)} with a passage has a known date."
        far = " as far as dates are known" if lost else ""
        return f"Cannot be separated: the two outlets cover no common period{far}.{lost}"
    control = str(claim["control"]).replace(", ", " and ")
    first, _, last = str(claim["window"]).partition(" to ")
    days = f"on {first}" if first == last else f"from {first} to {last}"
    ways = {f"{days}, where the two overlap": "in_window",
            f"within each {control} that both cover": "standardised"}  # fmt: skip
    parts = {"difference": "", "low": "_low", "high": "_high", "q": "_q"}
    said = _check(claim, {
        way: {part: claim[name + end] for part, end in parts.items() if name + end in claim}
        for way, name in ways.items()
    })  # fmt: skip
    return said + lost


def _ways(curve: pd.DataFrame, choice: str) -> dict[str, Mapping[str, Any]]:
    """By option of a choice, the counted way that differs from the usual one, the first, in this choice alone."""
    if choice not in curve:
        return {}
    choices = list(curve.columns[: list(curve.columns).index("difference")])
    others = curve[[name for name in choices if name != choice]].astype("str")
    kept = (others == others.iloc[0]).all(axis=1) & curve["counted"]
    rows = curve[kept].dropna(subset="difference").drop_duplicates(choice)
    return {str(row[choice]): {str(name): value for name, value in row.items()} for _, row in rows.iterrows()}


def _each(scrutiny: Scrutiny, choice: str) -> str:
    """The difference with each option of a choice but the usual one, and what became of the claim."""
    assert scrutiny.claim is not None
    ways = list(_ways(scrutiny.curve, choice).items())
    if len(ways) < 2:
        return "Not checked: no other way to measure it counts here (see Robustness)."
    return _check(scrutiny.claim, {WAYS[option]: row for option, row in ways[1:]})


def leaning(influence: pd.DataFrame, claim: Mapping[str, Any]) -> str:
    """The difference without the entry that carries most of it; nothing where no entry matched."""
    own = influence[influence["label"].astype("str") == claim["label"]]
    sides = [own[own["outlet"] == claim[side]].groupby("entry")["influence"].sum() for side in ("outlet", "other")]
    moved = sides[0].sub(sides[1], fill_value=0.0).sort_index()
    if moved.empty:
        return ""
    most = moved.index[int((moved * (1 if claim["difference"] > 0 else -1)).argmin())]
    return (
        f"It depends most on the entry “{most}”: {in_points(claim['difference'])} with it, "
        f"{in_points(claim['difference'] + moved[most])} without ({counted(len(moved), 'entry')} matched)."
    )


def corrected_claim(corrected: pd.DataFrame, claim: Mapping[str, Any]) -> dict[str, Any] | None:
    """The claim's difference in shares of ``correct_shares``; None where no error was measured."""
    if corrected.empty:
        return None
    table = corrected_differences(corrected.sort_values(["label", "outlet"], kind="stable"))
    own = table[(table[PAIR].astype("str") == [claim[name] for name in PAIR]).all(axis=1)]
    return {str(name): value for name, value in own.iloc[0].items()} if len(own) else {"low": float("nan")}


def without_error(corrected: pd.DataFrame, claim: Mapping[str, Any]) -> str:
    """What the claim is without the measured error of the lexicon; nothing where none was measured."""
    row = corrected_claim(corrected, claim)
    if row is None:
        return ""
    if pd.isna(row["low"]):
        either = f"{claim['outlet']} or {claim['other']}"
        return f"Not checked: the share of {either} could not be corrected (see Instrument)."
    return _check(claim, {WITHOUT: row})


def negation(lexicon: Lexicon) -> str:
    """What becomes of negated hits, with a warning where the lexicon has no words for negation."""
    struck = "Struck through: the passage negates the frame, so it is not counted."
    return struck if lexicon.negates else UNNEGATED


def robustness_sentences(scrutiny: Scrutiny, checked: Mapping[str, str]) -> tuple[str, ...]:
    """What the specification curve shows, and what was not varied."""
    if scrutiny.robustness is None:
        return ("No difference other than 0 could be tested here, so there is none to measure in other ways.",)
    options = scrutiny.curve.dropna(subset="difference").astype("str").nunique()
    varied = listed([what for name, what in VARIED.items() if options.get(name, 1) > 1])
    untried = "" if scrutiny.every_choice else say("untried", varied=varied)
    doubts = [what for what in ("Period", "Events", "Errors") if checked.get(what, "").startswith("No:")]
    others = (
        f"These ways do not include those under {listed(doubts)} above, where the difference is not always clear."
        if doubts
        else ""
    )
    said, claim = scrutiny.robustness.verdict, str(scrutiny.robustness.claim)
    if scrutiny.claim is None or not is_different(scrutiny.claim):
        said = said.replace(claim, f"The claim that was tried is “{claim}”", 1)
    return tuple(filter(None, (said, others, untried)))


def shares_title(found: Findings) -> str:
    """The finding over the figure of shares."""
    tested, claim = found.differences.dropna(subset="q"), found.scrutiny.claim
    finding = "too few stories to compare outlets" if tested.empty else "no clear difference between outlets"
    if len(outlets := set(found.estimates["outlet"])) == 1:
        finding = min(outlets)
    elif claim is not None and different(tested).any():
        two = f"{claim['outlet']} and {claim['other']}"
        finding = f"{two} differ clearly in {claim['label']}"
    return f"Share of passages with each frame: {finding}"


def differences_title(differences: pd.DataFrame) -> str:
    """The finding over the figure of differences."""
    tested = differences.dropna(subset="q")
    clear, compared = int(different(tested).sum()), counted(len(tested), "comparison")
    return f"A clear difference in {f'{clear:,}' if clear else 'none'} of {compared} between two outlets"


def differences_table(differences: pd.DataFrame) -> pd.DataFrame:
    """A row a tested pair and label: difference in points, p, q and verdict; smallest q first."""
    tested = differences.dropna(subset="q")
    ordered = tested.sort_values(["q", "label", "outlet", "other"], kind="stable")
    spread = ordered[["difference", "low", "high"]].to_numpy()
    shared = {"within shared periods": _shared(ordered)} if "standardised" in ordered else {}
    return pd.DataFrame({
        "frame": ordered["label"].to_numpy(),
        "outlets": (ordered["outlet"] + f" {MINUS} " + ordered["other"]).to_numpy(),
        "difference in points": [points(*row) for row in spread],
        "p": [chance(p) for p in ordered["p"]],
        "q": [chance(q) for q in ordered["q"]],
        "verdict": ordered["verdict"].to_numpy(),
        **shared,
    })  # fmt: skip


def _shared(rows: pd.DataFrame) -> list[str]:
    """The difference within what both outlets cover, and whether one that is called different holds there."""
    bounds = rows[["standardised", "standardised_low", "standardised_high"]].to_numpy()
    conditions = [~different(rows), holds(rows), holds(rows, -1)]
    held = np.select(conditions, ["", "holds: ", "reversed: "], "not clear: ")
    return [
        f"{word}{points(*row)}" if pd.notna(row[0]) else "cannot be compared"
        for word, row in zip(held, bounds, strict=True)
    ]
