"""Input of every estimate and test: the mean share of each story in each outlet, and when it was printed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec

import numpy as np
import pandas as pd

from analysis.arrays import Flags
from analysis.compare.inference import Inference
from analysis.corpus.language import given_codes, language_name
from analysis.corpus.stories import article_rows, outlet_names, story_names
from analysis.corpus.tables import article_dates, check_columns, refuse_duplicates, refuse_unknown
from analysis.numbers import joined_notes, listed
from analysis.topics.engines import CAUTION
from analysis.topics.fit import KEYWORD_TOPIC, Topics

Asked = ParamSpec("Asked")
ROUNDING = 1e-6  # shares that a topic model normalised may pass 1 by their last digits
MOST_CLASSES = 20  # a column of more distinct words is text
UNLIKE = "the instruments of these languages were not measured on the same texts"
NO_STORIES = "no story_id: each article taken for a story"
KEYS = ["outlet", "story"]
PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}  # and pandas' own letters


class Stories(NamedTuple):
    """What each outlet printed of each story, or of what stories were put together to: indexed by both, sorted."""

    means: pd.DataFrame  # a column per label
    numbers: pd.DataFrame  # ``articles, stories`` behind it; ``weight``: 1, or of passages how many an article has
    cluster: str  # what was taken for one observation

    @property
    def weights(self) -> "pd.Series[float]":
        return self.numbers["weight"]

    @property
    def outlets(self) -> list[str]:
        return [str(name) for name in self.means.index.unique("outlet")]

    @property
    def counts(self) -> pd.DataFrame:
        """``n_articles, n_stories, n_rows`` of each outlet."""
        columns = {"articles": "n_articles", "stories": "n_stories", "weight": "n_rows"}
        return self.numbers.assign(weight=1).rename(columns=columns).groupby(level="outlet").sum()

    def of(self, outlet: str) -> tuple[pd.DataFrame, "pd.Series[float]"]:
        """The shares and weights of one outlet's stories, indexed by story."""
        own = self.means.index.get_level_values("outlet") == outlet
        return self.means[own].droplevel("outlet"), self.weights[own].droplevel("outlet")

    def kept(self, rows: Flags) -> "Stories":
        return Stories(self.means[rows], self.numbers[rows], self.cluster)

    def renamed(self, outlets: Iterable[object]) -> "Stories":
        """The same stories under other names of outlets, one per row; several outlets may become one."""
        keys = pd.MultiIndex.from_arrays([list(outlets), self.means.index.get_level_values("story")], names=KEYS)
        parts = Stories(self.means.set_axis(keys), self.numbers.set_axis(keys), self.cluster)
        # One story, however many of the outlets printed it.
        once = parts.numbers.groupby(level=KEYS).agg({"articles": "sum", "stories": "max", "weight": "mean"})
        return parts.grouped()._replace(numbers=once)

    def grouped(self) -> "Stories":
        """Rows of one outlet and story put together."""
        total = self.means.mul(self.weights.to_numpy(), axis=0).groupby(level=KEYS).sum()
        numbers = self.numbers.groupby(level=KEYS).sum()
        return Stories(total.div(numbers["weight"].to_numpy(), axis=0), numbers, self.cluster)


def story_shares(shares: pd.DataFrame, articles: pd.DataFrame, how: Inference | None = None) -> Stories:
    """The mean share of each story in each outlet, the articles behind it, and its weight.

    A story that an outlet ran three times is one row; one that three outlets ran is three rows with the same
    ``story``. `shares` may have a row per document or a row per passage; articles without a row do not count.
    """
    how = how or Inference()
    values = _checked(shares).sort_index()  # the last digit of a mean is then the same in any order of rows
    rows = article_rows(values.index, articles, how.by)
    if how.reprints == "original":
        if "copy_of" not in rows:
            raise ValueError('Inference: reprints="original" needs copy_of. Add it with mark_copies(articles).')
        if how.cluster != "story_id":
            raise ValueError(f'Inference: reprints="original" needs cluster="story_id". Found: {how.cluster!r}.')
        kept = rows["copy_of"].isna().to_numpy(dtype=bool)
        values, rows = values[kept], rows[kept]
    by_story = how.cluster if how.cluster == "doc_id" else "story_id"
    keys = [outlet_names(rows[how.by]), clusters(rows, articles, how.cluster), story_names(rows, by_story)]
    index, levels = pd.MultiIndex.from_arrays(keys, names=[*KEYS, "part"]), [*KEYS, "part"]
    each = values.set_axis(index).groupby(level=levels)
    behind = rows["doc_id"].astype("str").set_axis(index).groupby(level=levels).nunique().astype("int64")
    numbers = pd.DataFrame({"articles": behind, "stories": 1, "weight": (each.size() / behind).astype("float64")})
    kind = "doc_id" if by_story not in rows and how.cluster == "story_id" else how.cluster
    return Stories(each.mean().droplevel("part"), numbers.droplevel("part"), kind).grouped()


def concerned(shares: pd.DataFrame, articles: pd.DataFrame, how: Inference) -> pd.DataFrame:
    """The articles of the stories, or other observations, that have a share: no other one changes a number."""
    rows = article_rows(_checked(shares).index, articles, how.by)
    names = story_names, lambda table: clusters(table, articles, how.cluster)
    return articles[np.any([named(articles).isin(named(rows)) for named in names], axis=0)]


def clusters(rows: pd.DataFrame, articles: pd.DataFrame, cluster: str) -> "pd.Series[str]":
    """What each row is counted with: its story, a column's value, or the period of the story's first print.

    Undated stories, and articles without a value in the column, are observations of their own.
    """
    if cluster in ("story_id", "doc_id") or (cluster in rows and cluster not in PERIODS):
        return story_names(rows, cluster)
    refuse_unknown("Inference, cluster", cluster, "a period or a column of articles", [*PERIODS, *articles])
    first = first_periods(articles, story_names(articles), cluster).astype("str")
    story = story_names(rows)
    return story.map(first).astype("str").fillna(story).rename("story")


def takes_topics(
    step: Callable[Concatenate[pd.DataFrame, Asked], pd.DataFrame],
) -> Callable[Concatenate[pd.DataFrame | Topics, Asked], pd.DataFrame]:
    """The step for shares or ``Topics``; a caution of theirs is then in every row, in the column ``caution``."""

    @wraps(step)
    def taking(shares: pd.DataFrame | Topics, /, *args: Asked.args, **settings: Asked.kwargs) -> pd.DataFrame:
        table, caution = with_caution(shares)
        found = step(table, *args, **settings)
        return found.assign(caution=caution) if caution else found

    return taking


def with_caution(given: pd.DataFrame | Topics) -> tuple[pd.DataFrame, str]:
    """The shares, and what must be said of them: as topics or as their bare table."""
    if isinstance(given, Topics):
        return given.shares, given.caution
    named = isinstance(given, pd.DataFrame) and given.columns.name == KEYWORD_TOPIC
    return given, CAUTION if named else ""


def with_note(notes: Iterable[str], stories: Stories, how: Inference) -> list[str]:
    """Each note with those on all rows: articles used as stories, outlets that differ in spelling only."""
    unclustered = NO_STORIES if stories.cluster != how.cluster else ""
    names = pd.Series(stories.outlets)
    names = names[names.str.casefold().str.split().str.join(" ").duplicated(keep=False)]
    alike = f"names that differ in case only: {', '.join(names)}" if len(names) else ""
    return [joined_notes(note, unclustered, alike) for note in notes]


def outlet_languages(shares: pd.DataFrame, articles: pd.DataFrame, by: str) -> dict[str, list[str]]:
    """The languages of each outlet's articles with a share; nothing where all are in one."""
    if "language" not in articles or shares.empty:
        return {}
    rows = article_rows(shares.index, articles, by)
    codes = given_codes(rows["language"])
    codes = codes[codes != ""]
    if codes.nunique() < 2:
        return {}
    return {str(name): sorted(set(own)) for name, own in codes.groupby(outlet_names(rows[by])[codes.index])}


def language_notes(pairs: pd.DataFrame, shares: pd.DataFrame, articles: pd.DataFrame, by: str) -> list[str]:
    """Of each ``outlet`` and ``other``, a sentence where they write in different languages."""
    languages = outlet_languages(shares, articles, by)
    return [unlike_languages(languages, *pair) for pair in pairs[["outlet", "other"]].to_numpy()]


def unlike_languages(languages: Mapping[str, Sequence[str]], outlet: str, other: str) -> str:
    """A sentence on two outlets that write in different languages."""
    every = sorted({code for name, codes in languages.items() if name != outlet for code in codes})
    one, two = languages.get(outlet, []), languages.get(other, every)
    if not one or not two or list(one) == list(two):
        return ""
    first, second = (listed(list(map(language_name, codes))) for codes in (one, two))
    return f"{outlet} is in {first}, {other} in {second}: {UNLIKE}"


def period_code(period: str) -> str:
    """pandas' letter for a period: "month" and "M" are "M"."""
    refuse_unknown("period", period, "a period", [*PERIODS, *PERIODS.values()])
    return PERIODS.get(period, period)


def period_name(ordinal: int, code: str) -> str:
    """A period as it is written in tables: "2016-05", and a week by its first day."""
    found = pd.Period(ordinal=ordinal, freq=code)
    return f"{found.start_time:%Y-%m-%d}" if code == "W" else str(found)


def first_periods(articles: pd.DataFrame, names: "pd.Series[str]", period: str) -> "pd.Series[pd.Period]":
    """The period of the first dated article under each name, such as a story; others are left out."""
    check_columns(articles, ["date"], where="articles")
    dates = article_dates(articles).set_axis(names.to_numpy()).dropna()
    return dates.groupby(level=0).min().dt.to_period(period_code(period))


def outlet_periods(stories: Stories, articles: pd.DataFrame, period: str, how: Inference) -> "pd.Series[float]":
    """The ordinal of the period in which each outlet first printed each story; missing where none has a date."""
    observed = clusters(articles, articles, how.cluster)
    names = pd.MultiIndex.from_arrays([outlet_names(articles[how.by]), observed])
    codes, known = pd.factorize(names)
    first = first_periods(articles, pd.Series(codes), period)
    places = known.take(first.index.to_numpy(dtype=np.int64))
    ordinals = np.array([value.ordinal for value in first.tolist()], dtype=np.float64)
    return pd.Series(ordinals, index=places).reindex(stories.means.index)


def _checked(shares: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(shares, pd.DataFrame) or shares.index.nlevels > 1:
        raise TypeError(
            "shares: a table with one row per document or passage and one column per label is needed. "
            f"Found: {type(shares).__name__}. Give the table first, then the articles."
        )
    if {"coder", "code"} <= set(shares):
        raise TypeError(
            "shares: this is a table of codes. Give it to an.correct_shares(codes, coded, articles): coded are "
            "passages that people coded (an.next_to_code)."
        )
    if shares.columns.empty:
        raise ValueError("shares: the table has no columns. Give one row per document, one column per label.")
    remedy = "One row per document is needed. Average passages first: shares.groupby(level=0).mean()."
    refuse_duplicates("shares: the row", shares.index, remedy)
    for name in (name for name, kind in shares.dtypes.items() if kind.kind not in "biuf"):
        raise TypeError(f"shares: column {name!r} does not hold numbers. {_remedy(shares[name])}")
    values = shares.astype(float)
    for row, column in np.argwhere(~((values >= -ROUNDING) & (values <= 1 + ROUNDING)).to_numpy()):
        value = values.iloc[row, column]
        missing = "A missing code is not 0: leave the row out, shares.dropna()."
        counts = "Divide counts by the number of passages, and drop rows without any."
        raise ValueError(
            f"shares: document {values.index[row]!r} has {value} in column {values.columns[column]!r}; "
            f"a share lies between 0 and 1. {missing if np.isnan(value) else counts}"
        )
    return values.clip(0.0, 1.0)


def _remedy(column: "pd.Series[Any]") -> str:
    """What to do with a column that does not hold numbers."""
    if column.name in ("doc_id", "passage_id"):
        return f"Set it as the index: shares.set_index({column.name!r})."
    if column.nunique() <= MOST_CLASSES:
        return f"If these are classes, make a column per class: pd.get_dummies(shares[{column.name!r}])."
    return "Keep the columns of labels only, and give the table of shares first, then the articles."
