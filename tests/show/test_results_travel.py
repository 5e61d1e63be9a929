"""A table that went through a merge, a concat, a filter, CSV or Parquet gives the same results and figures."""

import warnings
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

import analysis as an
from analysis.corpus.clean import removed_spans
from analysis.frames.conditions import Only, Unless

DOCS = [f"d{at:02}" for at in range(24)]
HOW = an.Inference(draws=60, relabelings=99)
LINES = [
    "Russia and China signed a gas deal {n}. Trade between Russia and China grew by {n} percent.",
    "Russia and China held drills {n}. Moscow and Beijing are strategic partners, {n} analysts wrote.",
    "=Russia and China are no allies {n}. China bought oil from Russia for {n} dollars. Leave a reply:",
]


@cache
def lexicon():
    """Some of the shipped lexicon: all of it would be searched hundreds of times."""
    shipped, some = (
        an.read_lexicon("russia-china"),
        {"energy", "trade", "money", "strategic partnership", "allies", "rivalry"},
    )
    return replace(
        shipped, entries=[one for one in shipped.entries if one.name in some], unless=Unless(), only=Only()
    )


@cache
def tables():
    """Every public table, by name."""
    articles = pd.DataFrame({
        "doc_id": DOCS, "outlet": ["AP", "BBC", "DW"] * 8, "title": "t", "agency": "", "url": "",
        "date": [*pd.date_range("2016-01-01", periods=23, freq="9D"), pd.NaT],
        "text": [LINES[n % 3 if n % 5 else 0].format(n=n + 10) for n in range(24)],
    })  # fmt: skip
    articles.loc[3, "text"] = articles.loc[0, "text"] + " It rained."
    cleaned = an.mark_copies(an.clean(articles))
    passages = an.passages(cleaned)
    hits = an.find_frames(passages, lexicon())
    shares, by_passage = an.frame_shares(hits, passages), an.frame_shares(hits, passages, unit="passage")
    words = {"alliance": "drills", "pragmatism": "allies", "economy": "gas"}
    coded = passages.assign(
        **{name: passages["text"].str.contains(word).astype(int) for name, word in words.items()}
    )
    codes = pd.concat(
        coded[["passage_id"]].assign(coder=coder, label=label, code=coded[label])
        for coder in "ab"
        for label in words
    )
    effects = an.edit_effects(cleaned, lexicon())
    return {
        "articles": cleaned, "passages": passages, "hits": hits, "shares": shares, "by passage": by_passage,
        "estimates": an.compare_outlets(shares, cleaned, how=HOW),
        "periods": an.compare_outlets(shares, cleaned, "quarter", how=HOW),
        "differences": an.outlet_differences(shares, cleaned, how=HOW),
        "parts": an.outlet_differences(shares, cleaned, split="month", how=HOW),
        "standardised": an.outlet_differences(shares, cleaned, control="period", how=HOW),
        "changes": an.outlet_changes(shares, cleaned, how=HOW),
        "coverage": an.outlet_coverage(cleaned, "month", how=HOW),
        "omnibus": an.outlets_differ(shares, cleaned, how=HOW),
        "influence": an.entry_influence(hits, passages, cleaned, how=HOW),
        "positions": an.hit_positions(hits, cleaned),
        "coded": coded, "codes": codes, "validation": an.validate(coded, lexicon()).table,
        "errors": an.validation_errors(coded, lexicon()),
        "agreement": an.coder_agreement(codes), "majority": an.majority_codes(codes),
        "sample": an.sample_to_code(passages, lexicon(), articles=cleaned, n=9),
        "corrected": an.correct_shares(
            by_passage, coded, cleaned, passages=passages, method="misclassification", how=HOW
        ),
        "suggested": an.suggest_entries(passages, lexicon(), coded=coded, n=5),
        "checked": an.check_lexicon(lexicon(), passages),
        "context": an.in_context(passages, "gas"), "removed": removed_spans(cleaned),
        "summary": an.summarize(cleaned), "checklist": an.checklist(cleaned),
        "edits": an.compare_copies(cleaned.loc[0], cleaned.loc[3], lexicon()).table,
        "effects": effects, "cuts": an.outlet_cuts(effects, how=HOW),
        **robustness_tables(cleaned), **word_tables(cleaned, shares),
    }  # fmt: skip


def robustness_tables(articles):
    options = {"cleaned": [False], "unit": ["sentence", "article"], "lexicon": ["whole"], "copies": ["weighted"]}
    claim = ("AP", "BBC", "economy")
    tried = an.robustness(articles, lexicon(), claim, options=options, cache=None, workers=1, how=HOW)
    return {"curve": tried.table, "ways": tried.effects}


def word_tables(articles, shares):
    counts = an.count_terms(an.tokenize(articles), min_df=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # few documents
        topics = an.fit_topics(counts, 3)
        stability = an.topic_stability(topics, counts, draws=2)
        choice = an.choose_k(counts, [2, 3], splits=2)
        packages = an.topic_packages(topics, draws=3)
    return {
        "distinctive": an.distinctive_terms(counts, articles["outlet"], min_count=1),
        "top": an.top_terms(an.tfidf(counts), articles["outlet"], n=3),
        "topic words": an.top_words(topics, n=3), "topic shares": topics.shares, "stability": stability.table,
        "choice": choice.table, "packages": packages.table,
        "quality": an.topic_quality(topics, counts, articles=articles),
        "limits": an.topic_limits(topics, counts, articles),
        "prevalence": an.topic_prevalence(topics, counts, articles, how=HOW),
        "convergence": an.convergence({"lexicon": shares, "topics": topics}, how=HOW),
    }  # fmt: skip


def of(name):
    return tables()[name]


# What later steps, figures and texts make of a table, by its name.
USES = {
    "articles": {
        "clean": an.clean, "mark_copies": an.mark_copies, "passages": an.passages,
        "tokenize": lambda t: an.tokenize(t).to_lists(),
        "summarize": an.summarize, "removed": removed_spans,
        "estimates": lambda t: an.compare_outlets(of("shares"), t, how=HOW),
        "periods": lambda t: an.compare_outlets(of("shares"), t, "quarter", how=HOW),
        "differences": lambda t: an.outlet_differences(of("shares"), t, how=HOW),
        "parts": lambda t: an.outlet_differences(of("shares"), t, split="month", how=HOW),
        "changes": lambda t: an.outlet_changes(of("shares"), t, how=HOW),
        "coverage": lambda t: an.outlet_coverage(t, "month", how=HOW),
        "influence": lambda t: an.entry_influence(of("hits"), of("passages"), t, how=HOW),
        "positions": lambda t: an.hit_positions(of("hits"), t),
        "effects": lambda t: an.edit_effects(t, lexicon()),
        "sample": lambda t: an.sample_to_code(of("passages"), lexicon(), articles=t, n=9),
        "checklist": an.checklist,
        "desk": lambda t: desk(t, of("hits"), of("passages")),
    },
    "passages": {
        "hits": lambda t: an.find_frames(t, lexicon()), "shares": lambda t: an.frame_shares(of("hits"), t),
        "influence": lambda t: an.entry_influence(of("hits"), t, of("articles"), how=HOW),
        "sample": lambda t: an.sample_to_code(t, lexicon(), articles=of("articles"), n=9),
        "context": lambda t: an.in_context(t, "gas"), "checked": lambda t: an.check_lexicon(lexicon(), t),
        "desk": lambda t: desk(of("articles"), of("hits"), t),
    },
    "hits": {
        "shares": lambda t: an.frame_shares(t, of("passages")),
        "by passage": lambda t: an.frame_shares(t, of("passages"), unit="passage"),
        "weighted": lambda t: an.frame_shares(t, of("passages"), weights=lexicon()),
        "influence": lambda t: an.entry_influence(t, of("passages"), of("articles"), how=HOW),
        "positions": lambda t: an.hit_positions(t, of("articles")),
        "desk": lambda t: desk(of("articles"), t, of("passages")),
    },
    "shares": {
        "estimates": lambda t: an.compare_outlets(t, of("articles"), how=HOW),
        "omnibus": lambda t: an.outlets_differ(t, of("articles"), how=HOW),
        "differences": lambda t: an.outlet_differences(t, of("articles"), how=HOW),
        "standardised": lambda t: an.outlet_differences(t, of("articles"), control="period", how=HOW),
        "changes": lambda t: an.outlet_changes(t, of("articles"), how=HOW),
        "convergence": lambda t: an.convergence({"a": t, "b": of("shares")}, articles=of("articles"), how=HOW),
    },
    "by passage": {
        "corrected": lambda t: an.correct_shares(
            t, of("coded"), of("articles"), passages=of("passages"), method="misclassification", how=HOW
        ),
    },
    "topic shares": {"estimates": lambda t: an.compare_outlets(t, of("articles"), how=HOW)},
    "estimates": {
        "dots": an.plot, "checklist": an.checklist,
        "with validation": lambda t: an.with_validation(t, of("validation")),
        "sentence": lambda t: an.difference_sentence(of("differences").iloc[0], t),
    },
    "periods": {
        "figure": an.plot, "checklist": an.checklist, "changes": lambda t: an.plot(t, changes=of("changes")),
    },
    "differences": {
        "figure": an.plot, "checklist": an.checklist,
        "sentences": lambda t: [an.difference_sentence(row) for _, row in t.iterrows()],
    },
    "parts": {"figure": an.plot, "checklist": an.checklist},
    "standardised": {
        "figure": an.plot, "checklist": an.checklist,
        "sentences": lambda t: [an.difference_sentence(row) for _, row in t.iterrows()],
    },
    "changes": {"figure": lambda t: an.plot(of("periods"), changes=t), "checklist": an.checklist},
    "influence": {"figure": an.plot, "checklist": an.checklist},
    "validation": {
        "figure": an.plot, "checklist": lambda t: an.checklist(validation=t),
        "beside shares": lambda t: an.plot(of("estimates"), validation=t),
        "with validation": lambda t: an.with_validation(of("estimates"), t),
    },
    "coded": {
        "validation": lambda t: an.validate(t, lexicon()).table,
        "errors": lambda t: an.validation_errors(t, lexicon()),
        "corrected": lambda t: an.correct_shares(
            of("by passage"), t, of("articles"), passages=of("passages"), method="misclassification", how=HOW
        ),
        "suggested": lambda t: an.suggest_entries(of("passages"), lexicon(), coded=t, n=5),
    },
    "codes": {"agreement": an.coder_agreement, "majority": an.majority_codes},
    "majority": {"agreement": an.coder_agreement},
    "effects": {"cuts": lambda t: an.outlet_cuts(t, how=HOW)},
    "curve": {"checklist": an.checklist},
    **{name: {"figure": an.plot} for name in (
        "coverage", "positions", "distinctive", "top", "choice", "packages", "prevalence", "cuts",
        "corrected")},
}  # fmt: skip


def desk(articles, hits, passages):
    bench = an.explore(articles, hits, passages=passages, lexicon=lexicon())
    return str(bench)


def wrangled(table):
    """Merged with a column that is dropped again, cut in two and put together, and filtered."""
    keyed = table if table.index.name is None else table.reset_index()
    more = pd.DataFrame({keyed.columns[0]: keyed.iloc[:, 0].drop_duplicates(), "added": 1})
    merged = keyed.merge(more).drop(columns="added")
    joined = pd.concat([merged.iloc[:1], merged.iloc[1:]])
    return like(table, joined[joined.iloc[:, 0].notna()])


def through_csv(table, folder):
    path = an.write_table(table, folder / "t.csv")
    if {"outlet", "text", "date"} <= set(table):
        return an.read_articles(path)[list(table)]
    read = like(table, an.read_table(path))
    if "negated" in table:  # frames without a hit are lost in CSV
        return read.astype({"frame": pd.CategoricalDtype(lexicon().labels)})
    return read


def wrangled_and_kept(table, folder):
    """What merge, concat and filter leave, through Parquet, which keeps all that it is given."""
    return like(table, an.read_table(an.write_table(wrangled(table), folder / "t.parquet")))


def like(table, read):
    return read if table.index.name is None else read.set_index(table.index.name)


WAYS = [wrangled_and_kept, through_csv]


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """What is left of a table, by its name, that took a way: nothing but its cells."""
    folder = tmp_path_factory.mktemp("ways")

    @cache
    def lost(name, way):
        table = way(of(name), folder)
        table.attrs = {}
        return table

    return lost


def outcome(use, table):
    """What a step makes of a table, and the warnings it gives."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        found = use(table)
    return found, [str(warning.message) for warning in caught if warning.category is UserWarning]


@cache
def expected(name, use):
    found, warned = outcome(USES[name][use], of(name))
    return words(found) if isinstance(found, Axes) else found, warned


def assert_alike(found, expected, name=""):
    if isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(plain(found), plain(expected), check_dtype=False, obj=name)
    else:
        assert (words(found) if isinstance(found, Axes) else found) == expected


def plain(table):
    """CSV keeps no categories, no dates, no whole numbers beside missing ones; an empty cell may be missing."""
    return table.rename_axis(columns=None).reset_index(drop=True).astype("object").map(cell)


def cell(value):
    if isinstance(value, list | np.ndarray):
        return [dict(span) for span in value]
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return None if pd.isna(value) or value == "" else value


def words(ax):
    """Everything that is written in a figure."""
    figure = ax.get_figure(root=True)
    return sorted(text.get_text() for text in figure.findobj(match=lambda artist: hasattr(artist, "get_text")))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "use"), [(name, use) for name in USES for use in USES[name]])
def test_later_steps_find_the_same_whichever_way_a_table_took(name, use, way, taken):
    (found, warned), (wanted, warned_before) = outcome(USES[name][use], taken(name, way)), expected(name, use)
    assert_alike(found, wanted)
    assert warned == warned_before


@pytest.mark.parametrize("way", WAYS)
def test_every_table_comes_back_from_a_file(way, taken):
    for name, table in tables().items():
        assert_alike(taken(name, way), table, name)


@pytest.mark.parametrize("way", WAYS)
def test_methods_say_the_same_but_for_what_was_recorded(way, taken):
    """A sentence without a blank is one that the record was not needed for."""
    kinds = ["articles", "estimates", "periods", "differences", "parts", "changes", "influence", "curve"]
    lost = [taken(name, way) for name in kinds]
    settings = an.Inference(), lexicon()
    complete, lossy = an.methods_text(*map(of, kinds), *settings), an.methods_text(*lost, *settings)
    sentences = [part for part in lossy.split(" Seed ")[0].split(". ") if "[not recorded]" not in part]
    assert len(sentences) > 8
    assert [part for part in sentences if part not in complete] == []
    assert lossy.split("\n\n")[1] == complete.split("\n\n")[1]
    pd.testing.assert_frame_equal(an.checklist(*lost), an.checklist(*map(of, kinds)))
