"""A table that went through a merge, a concat, a filter, CSV or Parquet gives the same answers and figures."""

import pandas as pd
import pytest

import analysis as an

DOCS = [f"d{at:02}" for at in range(24)]
WORDS = ["gas oil price bank", "army drill navy tank", "vote law court seat"]


@pytest.fixture(scope="module")
def results():
    """Every kind of public table that a later step, a figure or a text takes, by name."""
    articles = pd.DataFrame({
        "doc_id": DOCS, "outlet": ["AP", "BBC", "DW"] * 8, "story_id": DOCS, "title": "t", "agency": "", "url": "",
        "date": pd.date_range("2016-01-01", periods=24, freq="9D"),
        "text": [f"Russia and China {'signed a gas deal' if n % 3 else 'held drills'} {n}." for n in range(24)],
    })  # fmt: skip
    lexicon = an.read_lexicon("russia-china")
    cleaned = an.mark_copies(an.clean(articles)).assign(story_id=DOCS)
    passages = an.passages(cleaned)
    hits = an.find_frames(passages, lexicon)
    shares = an.frame_shares(hits, passages)
    options = {"cleaned": [False], "unit": ["sentence", "article"], "lexicon": ["whole"], "copies": ["weighted"]}
    tried = an.robustness(cleaned, lexicon, ("AP", "BBC", "economy"), options=options, cache=None, workers=1)
    coded = passages.assign(alliance=0, pragmatism=0, economy=[int("gas" in text) for text in passages["text"]])
    return {
        "articles": cleaned,
        "estimates": an.compare_outlets(shares, cleaned),
        "periods": an.compare_outlets(shares, cleaned, "quarter"),
        "differences": an.outlet_differences(shares, cleaned),
        "parts": an.outlet_differences(shares, cleaned, split="month"),
        "changes": an.outlet_changes(shares, cleaned),
        "influence": an.entry_influence(hits, passages, cleaned),
        "curve": tried.table,
        "validation": an.validate(coded, lexicon).table,
    }


def merged(table, _):
    """A column is added, and dropped again, so that rows and columns are those of before."""
    key = next(name for name in ("doc_id", "outlet", "label", "unit") if name in table)
    more = pd.DataFrame({key: table[key].drop_duplicates(), "added": 1})
    return table.merge(more, on=key).drop(columns="added")


def joined(table, _):
    return pd.concat([table.iloc[:1], table.iloc[1:]])


def filtered(table, _):
    return table[table.iloc[:, 0].notna()].reset_index(drop=True)


def through_csv(table, folder):
    table.to_csv(folder / "t.csv", index=False)
    read = pd.read_csv(folder / "t.csv", parse_dates=["date"] if "date" in table else False)
    return read.astype({name: "str" for name in ("doc_id", "story_id", "problem") if name in read})


def through_parquet(table, folder):
    table.to_parquet(folder / "t.parquet")
    return pd.read_parquet(folder / "t.parquet")


WAYS = [merged, joined, filtered, through_csv, through_parquet]


@pytest.mark.parametrize("way", WAYS)
def test_the_checklist_answers_alike_whichever_way_its_tables_took(results, way, tmp_path):
    lost = [way(table, tmp_path) for table in results.values()]
    for table in lost:
        table.attrs = {}
    pd.testing.assert_frame_equal(an.checklist(*lost), an.checklist(*results.values()))


@pytest.mark.parametrize("way", WAYS)
def test_the_methods_say_the_same_but_for_what_was_recorded(results, way, tmp_path):
    """A sentence without a blank is one that the record was not needed for."""
    lost = [way(table, tmp_path) for table in results.values()]
    for table in lost:
        table.attrs = {}
    settings = an.Inference(), an.read_lexicon("russia-china")
    complete, lossy = an.methods_text(*results.values(), *settings), an.methods_text(*lost, *settings)
    sentences = [part for part in lossy.split(" Seed ")[0].split(". ") if "[not recorded]" not in part]
    assert len(sentences) > 8
    assert [part for part in sentences if part not in complete] == []
    assert lossy.split("\n\n")[1] == complete.split("\n\n")[1]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["estimates", "periods", "differences", "influence", "validation"])
def test_a_figure_says_the_same_whichever_way_its_table_took(results, name, way, tmp_path):
    table = results[name]
    lost = way(table, tmp_path)
    lost.attrs = {}
    assert words(an.plot(lost)) == words(an.plot(table))


def words(ax):
    """Everything that is written in a figure."""
    figure = ax.get_figure(root=True)
    return [text.get_text() for text in figure.findobj(match=lambda artist: hasattr(artist, "get_text"))]


@pytest.mark.parametrize("way", WAYS)
def test_what_cleaning_removed_survives(results, way, tmp_path):
    if way is not through_csv:  # its writer is write_table, which keeps lists
        assert way(results["articles"], tmp_path)["removed"].map(list).tolist() == (
            results["articles"]["removed"].map(list).tolist()
        )
