"""Whether a claim about two outlets holds however it is measured: a specification curve."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from analysis.compare.curves.readings import FrameReading, Options, Reading, TopicReading
from analysis.compare.curves.specifications import COPIES, FIGURES, Claim, Specification, Work, claimed, measured
from analysis.compare.curves.stored import code_digest, default_cache, digest, kept, table_digest
from analysis.compare.differences import REST
from analysis.corpus.provenance import stamped
from analysis.frames.lexicon import Lexicon


def robustness(
    claim: Any,
    articles: pd.DataFrame,
    *,
    lexicon: Lexicon | None = None,
    words: Sequence[str] | None = None,
    options: Options | None = None,
    seed: int = 0,
    cache: str | Path | None = "default",
    workers: int = -1,
    progress: bool = True,
) -> pd.DataFrame:
    """Specifications: the difference a claim is about, measured in every defensible way.

    Parameters
    ----------
    claim
        A row of ``outlet_differences``, or ``(outlet, other, label)`` with a fourth value of 1 (the default) or -1
        for "more" or "less". ``other`` may be "the rest".
    articles : DataFrame
        As read: cleaning and marking copies are among the choices.
    lexicon, words
        One of them: the lexicon whose frame the claim is about, or words that tell its topic, which in each
        model is the one that says them most.
    options : mapping
        Choices that replace or add to the usual ones, the first of each being the usual. For frames
        ``cleaned`` (True, False), ``unit`` ("sentence", "window", "article"), ``lexicon`` ("whole", "without" each
        entry of the frame, "without @" each list it uses), ``copies`` ("weighted", "original", "every article");
        for topics ``cleaned``, ``min_df``, ``k``, ``engine``, ``seed``, ``copies``. The usual engine, "nmf-lda",
        leaves nothing to chance and has one seed; more seeds tell something of "sklearn" and "gensim".
    cache
        The folder for results already found, so that a second run, or one after a kill, goes on where the
        last one stopped; None keeps nothing. Results are found again only by the same texts, lexicon,
        claim, choices and code.
    workers : int
        Processes; -1 for as many as there are cores. Their number changes no figure.

    Returns
    -------
    DataFrame
        A row a specification, in the order of the options, the usual choices first: a column a choice, then
        ``difference, low, high, p, n_stories, n_others, same_sign, clear``. ``same_sign``: the difference has the
        sign that is claimed; ``clear``: its interval also leaves out zero. A way to measure by which an outlet
        has no story has no difference. ``.attrs["claim"]`` holds the claim.

    Raises
    ------
    ValueError
        An unknown frame, option or outlet, or neither or both of `lexicon` and `words`.

    Notes
    -----
    Simonsohn, Simmons & Nelson (2020), *Nature Human Behaviour* 4; the multiverse of Steegen et al. (2016),
    *Perspectives on Psychological Science* 11. Specifications share their texts, so they are no independent
    confirmations: that most of them agree says that the claim does not hang on a choice, not that it is true.

    Examples
    --------
    >>> import analysis as an
    >>> seeds = an.load_example("seeds")
    >>> curve = robustness(("Washington Times", "Taipei Times", "economy"), seeds, cache=None, workers=1,
    ...                    lexicon=an.read_lexicon("russia-china"), progress=False,
    ...                    options={"cleaned": [True], "unit": ["window", "article"], "copies": ["every article"],
    ...                             "lexicon": ["whole", "without trade"]})
    >>> curve[["unit", "lexicon", "same_sign"]]
          unit        lexicon  same_sign
    0   window          whole       True
    1   window  without trade       True
    2  article          whole      False
    3  article  without trade      False
    """
    said = claimed(claim)
    reading = _reading(lexicon, words)
    chosen = _options(reading, said, options)
    _check_outlets(said, articles)
    folder = default_cache() if cache == "default" else None if cache is None else Path(cache)
    origin = _origin(said, articles, lexicon, words, seed) if folder else ""
    rows = [Specification(choices, digest([origin, choices])) for choices in reading.specifications(chosen)]
    found = {row.key: result for row in rows if (result := kept(folder, row.key))}
    work = Work(reading, said, seed, folder)
    with tqdm(total=len(rows), initial=len(found), disable=not progress, unit="specification") as bar:
        for key, result in measured(work, articles, [row for row in rows if row.key not in found], workers):
            found[key] = result
            bar.update()
    table = pd.DataFrame([{**row.choices, **found[row.key]} for row in rows], columns=[*chosen, *FIGURES])
    table[FIGURES] = table[FIGURES].astype("float64")
    signed = table[["difference", "low", "high"]] * said.sign
    table["same_sign"] = signed["difference"] > 0
    table["clear"] = signed[["low", "high"]].min(axis=1) > 0
    table.attrs["claim"] = said._asdict()
    settings = {"options": chosen, "seed": seed, "words": list(words or [])}
    return stamped(table, "robustness", {"articles": articles, "lexicon": lexicon}, settings)


def _reading(lexicon: Lexicon | None, words: Sequence[str] | None) -> Reading:
    if (lexicon is None) == (words is None):
        raise ValueError(
            "robustness needs one of lexicon= (a claim about a frame) and words= (one about a topic)."
        )
    if isinstance(words, str):
        raise ValueError(f"words: {words!r} is one string; write a list of words.")
    return FrameReading(lexicon) if lexicon is not None else TopicReading(words or [])


def _options(reading: Reading, claim: Claim, given: Options | None) -> dict[str, list[Any]]:
    usual = reading.options(claim.label) | {"copies": list(COPIES)}
    unknown = [name for name in given or {} if name not in usual]
    if unknown:
        raise ValueError(f"options: no choice {unknown[0]!r}; there is {', '.join(usual)}.")
    chosen = usual | {name: list(values) for name, values in (given or {}).items()}
    strange = [value for value in chosen["copies"] if value not in COPIES]
    if strange:
        raise ValueError(f"options: copies {strange[0]!r} is none of {', '.join(map(repr, COPIES))}.")
    return chosen


def _check_outlets(claim: Claim, articles: pd.DataFrame) -> None:
    there = set(articles["outlet"].astype("str")) | {REST}
    for outlet in (claim.outlet, claim.other):
        if outlet not in there:
            raise ValueError(f"claim: no article is from {outlet!r}; there is {', '.join(sorted(there))}.")


def _origin(
    claim: Claim, articles: pd.DataFrame, lexicon: Lexicon | None, words: Sequence[str] | None, seed: int
) -> str:
    columns = [name for name in ("doc_id", "outlet", "date", "title", "text") if name in articles]
    measure = repr(lexicon) if lexicon is not None else list(words or [])
    return digest([table_digest(articles[columns]), measure, claim, seed, code_digest()])
