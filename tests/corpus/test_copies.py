import random
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.corpus import runs
from tests.data import refused

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
WORDS = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"]


def words(first, last):
    """Numbered words, so that any two ranges share exactly the runs of their common part."""
    return " ".join(f"{WORDS[i % 8]}{i}" for i in range(first, last))


def articles(**texts):
    return pd.DataFrame({"doc_id": list(texts), "text": list(texts.values())})


def marks(table, **options):
    return an.mark_copies(table, **options).set_index("doc_id")


def stories(table, **options):
    return marks(table, **options)["story_id"].to_dict()


# n words hold n − 4 runs; two ranges share the runs of the words they share.
OVERLAPS = [
    # a holds 96 runs; b holds 46, all in a.
    (words(0, 100), words(20, 70), {"a": "a", "b": "a"}, 1.0),
    # b holds 46 runs, of which words 75 to 100 hold 21: 21 / 46 is below a half …
    (words(0, 100), words(75, 125), {"a": "a", "b": "b"}, np.nan),
    # … and words 73 to 100 hold 23: just a half.
    (words(0, 100), words(73, 123), {"a": "a", "b": "a"}, 0.5),
    # As long as each other: the smaller id is the original.
    (words(0, 54), words(10, 64), {"a": "a", "b": "a"}, 40 / 50),
    # The longer one is the original.
    (words(20, 70), words(0, 100), {"a": "b", "b": "b"}, 1.0),
]


@pytest.mark.parametrize(("a", "b", "expected", "overlap"), OVERLAPS)
def test_overlap_is_the_share_of_the_copys_runs(a, b, expected, overlap):
    found = marks(articles(a=a, b=b))
    assert found["story_id"].to_dict() == expected
    assert found["overlap"].min() == pytest.approx(overlap, nan_ok=True)
    assert found["copy_of"].notna().equals(found["overlap"].notna())


def test_the_earliest_is_the_original_and_undated_ones_come_last():
    table = articles(a=words(0, 100), b=words(0, 40), c=words(0, 60))
    dated = table.assign(date=pd.to_datetime(["2018-06-09", "2018-06-08", None]))
    found = marks(dated)
    assert set(found["story_id"]) == {"b"}
    # b holds 36 runs, all in the longer a (96) and c (56): a copy's overlap is the part it took over.
    assert found["overlap"].to_dict() == pytest.approx({"a": 36 / 96, "b": np.nan, "c": 36 / 56}, nan_ok=True)


def test_a_chain_of_overlaps_is_not_one_story():
    chain = articles(a=words(0, 100), b=words(40, 140), c=words(80, 180))
    assert stories(chain) == {"a": "a", "b": "a", "c": "c"}


def test_weeks_apart_more_must_be_shared():
    table = articles(a=words(0, 100), b=words(40, 140))  # 56 of 96 runs
    near, far = pd.to_datetime(["2017-02-01", "2017-02-03"]), pd.to_datetime(["2017-02-01", "2017-03-01"])
    assert stories(table.assign(date=near)) == {"a": "a", "b": "a"}
    assert stories(table.assign(date=far)) == {"a": "a", "b": "b"}
    assert stories(articles(a=words(0, 100), b=words(10, 60)).assign(date=far)) == {"a": "a", "b": "a"}


def test_boilerplate_of_an_outlet_makes_no_copies():
    menu = words(500, 560)
    texts = {f"d{i:02}": f"{menu} {words(1000 * i, 1000 * i + 20)}" for i in range(1, 13)}
    table = articles(**texts)
    assert len(set(stories(table.assign(outlet="DW")).values())) == 12
    assert set(stories(table.assign(outlet=[f"outlet {i}" for i in range(12)])).values()) == {"d01"}


@pytest.mark.parametrize("n", [2, 10, 11, 12, 40])
@pytest.mark.parametrize(
    "edit",
    [
        lambda text, _: text,
        lambda text, at: f"{words(9000 + 10 * at, 9008 + 10 * at)} {text}",  # another headline
        lambda text, at: f"{text} Updated {at} hours ago",
        lambda text, at: text.replace("golf30", f"edit{at}"),
    ],
    ids=["equal", "another headline", "another last line", "another word"],
)
def test_a_story_printed_again_and_again_is_one_story(n, edit):
    prints = {f"a{at:02}": edit(words(0, 60), at) for at in range(n)} | {"b": words(0, 60)}
    others = {f"c{at:02}": words(1000 * at, 1000 * at + 60) for at in range(1, 20)}
    outlets = ["A"] * n + ["B"] + ["A"] * 19
    found = stories(articles(**prints, **others).assign(outlet=outlets))
    assert len({found[name] for name in prints}) == 1
    assert len({found[name] for name in others}) == 19
    days = pd.date_range("2020-01-01", periods=n + 20)
    kept = an.clean(articles(**prints, **others).assign(outlet=outlets, date=days), repeated=True)
    assert kept["text"].tolist() == [*prints.values(), *others.values()]


def test_thousands_of_equal_articles_are_one_story():
    found = an.mark_copies(articles(**{f"a{at}": words(0, 60) for at in range(5000)}).assign(outlet="A"))
    assert set(found["story_id"]) == {"a0"}
    assert found["overlap"].dropna().unique().tolist() == [1.0]


def test_texts_without_runs_are_their_own_stories():
    table = articles(a="", b="", c="Too short", d="Too short")
    found = marks(table)
    assert (found["story_id"] == found.index).all()
    assert found[["copy_of", "overlap"]].isna().all(axis=None)


def test_a_phrase_makes_no_copy():
    table = articles(a=words(0, 100), b=words(50, 56), c=words(300, 305), d=words(300, 305))
    assert stories(table) == {"a": "a", "b": "b", "c": "c", "d": "c"}


def test_the_ap_story_of_two_seeds_is_one():
    table = articles(**{path.stem[:3]: path.read_text(encoding="utf-8") for path in SEEDS})
    found = marks(table)
    assert found["copy_of"].dropna().to_dict() == {"001": "000"}
    assert found["overlap"]["001"] == pytest.approx(445 / 552)


def test_columns_are_added_and_nothing_else_changes():
    table = articles(b=words(0, 50), a=words(0, 50)).assign(mine=[1, 2])
    table.index = [7, 3]
    before = table.copy()
    found = an.mark_copies(table)
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(found[list(table)], before)
    assert list(found.columns) == [
        *("doc_id", "text", "mine", "agency", "agency_credit"),
        *("story_id", "copy_of", "overlap"),
    ]
    assert (found["story_id"] == "a").all()


def test_no_articles_keep_the_columns():
    full, empty = (an.mark_copies(articles(a=words(0, 9)).iloc[:n]) for n in (1, 0))
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


ERRORS = [
    (
        articles(a="x").drop(columns="text"),
        {},
        "articles: column 'text' is missing. Found: doc_id. A table of articles needs doc_id, text.",
    ),
    (
        articles(a="x", b="y").assign(doc_id="a"),
        {},
        "articles: doc_id 'a' is duplicated. Give each row its own.",
    ),
    (
        articles(a="x"),
        {"threshold": 0},
        "threshold: must be a share of runs, above 0 and at most 1. Found: 0.",
    ),
    (
        articles(a="x"),
        {"threshold": 80},
        "threshold: must be a share of runs, above 0 and at most 1. Found: 80.",
    ),
]


@pytest.mark.parametrize(("table", "options", "message"), ERRORS)
def test_errors_say_what_is_wrong(table, options, message):
    with refused(message):
        an.mark_copies(table, **options)


texts = st.lists(st.lists(st.sampled_from(WORDS[:4]), max_size=30).map(" ".join), min_size=1, max_size=8)


@given(texts, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_twice_is_once(texts, random):
    table = articles(**{f"d{i}": text for i, text in enumerate(texts)})
    found = an.mark_copies(table)
    order = random.sample(range(len(texts)), len(texts))
    pd.testing.assert_frame_equal(an.mark_copies(table.iloc[order]), found.iloc[order])
    pd.testing.assert_frame_equal(an.mark_copies(found), found)


@given(texts)
def test_a_copy_belongs_to_an_original(texts):
    found = marks(articles(**{f"d{i}": text for i, text in enumerate(texts)}))
    originals = found.loc[found["story_id"]]
    assert originals["copy_of"].isna().all()
    copies = found["copy_of"].dropna()
    assert (copies == found.loc[copies.index, "story_id"]).all()
    assert found["overlap"].dropna().between(0, 1).all()


@given(st.integers(0, 4), st.integers(0, 300), st.integers(150, 400), st.booleans())
def test_a_reprint_cut_to_a_third_is_found(seed, start, length, stripped):
    seeds = {path.stem[:3]: path.read_text(encoding="utf-8") for path in SEEDS}
    name = sorted(seeds)[seed]
    tokens = seeds[name].split()
    cut = " ".join(tokens[start : start + length])
    if stripped:
        cut = " ".join(re.findall(r"\w+", cut.lower()))
    found = marks(articles(**seeds, cut=cut))
    assert found["story_id"]["cut"] in {name, found["story_id"][name]}


def every(nth, tokens):
    """The text with every n-th word changed."""
    return " ".join("x" if i % nth == nth - 1 else token for i, token in enumerate(tokens.split()))


def test_with_every_ninth_word_changed_three_words_in_a_row_decide():
    # Of 296 runs of five those that begin on the first 4 of each 9 words are left: 32 × 4 + 4. Of three: 6 of 9.
    found = marks(articles(a=words(0, 300), b=every(9, words(0, 300))))
    assert found["overlap"]["b"] == pytest.approx(132 / 296)
    # Of three words 5 of 8 are left, which is too few.
    assert stories(articles(a=words(0, 300), b=every(8, words(0, 300)))) == {"a": "a", "b": "b"}
    # Who asks for half the runs of five or more gets that.
    assert stories(articles(a=words(0, 300), b=every(9, words(0, 300))), threshold=0.6) == {"a": "a", "b": "b"}


def test_a_text_taken_from_a_copy_belongs_to_its_story():
    # b takes 60 words from a and adds 40; c takes the last 40 of b, of which 4 stand in a.
    table = articles(a=words(0, 100), b=words(40, 140), c=words(96, 136))
    found = marks(table.assign(date=pd.to_datetime(["2017-02-01", "2017-02-02", "2017-02-03"])))
    assert found["story_id"].to_dict() == {"a": "a", "b": "a", "c": "a"}
    assert found["overlap"]["c"] == 1


def test_a_digest_joins_no_two_stories():
    digest = " ".join([words(0, 40), words(100, 160), words(200, 260)])
    table = articles(a=words(0, 60), b=words(100, 160), c=words(200, 260), digest=digest)
    dates = pd.to_datetime(["2017-02-01", "2017-02-02", "2017-02-02", "2017-02-03"])
    # It is a copy of the first; the others stand in it, but it does not lead them there.
    assert stories(table.assign(date=dates)) == {"a": "a", "b": "b", "c": "c", "digest": "a"}


def test_a_caption_is_no_original():
    table = articles(a=words(0, 12), b=words(0, 100), c=f"{words(0, 12)} {words(200, 300)}")
    dates = pd.to_datetime(["2017-02-01", "2017-02-02", "2017-02-02"])
    assert stories(table.assign(date=dates)) == {"a": "a", "b": "b", "c": "c"}


def test_copies_of_whole_books_are_found():
    """Counts of more runs than 16 bits hold."""
    found = marks(articles(a=words(0, 80_000), b=words(10_000, 80_000), c=words(90_000, 100_000)))
    assert found["copy_of"].dropna().to_dict() == {"b": "a"}
    assert found["overlap"]["b"] == 1


def reprints(seed):
    """Texts of shared sentences: cut, changed, equal, empty, of a few words, with boilerplate of their outlets."""
    chance, texts = random.Random(seed), ["", "too short", words(0, 5), words(0, 300)]
    sentences = [" ".join(chance.choices([f"w{at}" for at in range(200)], k=12)) for _ in range(150)]
    while len(texts) < 120:
        own = " ".join(chance.choices(sentences, k=chance.randint(1, 12))).split()
        given = chance.choice(texts).split()
        cut = given[chance.randint(0, len(given)) :]
        changed = [word if chance.random() > 0.04 else f"x{chance.random()}" for word in given]
        texts.append(" ".join(chance.choice([own, own, given, cut, changed])))
    outlets = [chance.randint(0, 2) for _ in texts]
    texts = [f"{text} {sentences[outlet]}" for text, outlet in zip(texts, outlets, strict=True)]
    table = articles(**{f"a{at:03}": text for at, text in enumerate(texts)}).assign(outlet=list(map(str, outlets)))
    return table.assign(date=pd.Timestamp("2017-01-01") + pd.to_timedelta(np.arange(120) % 9, unit="D"))


@pytest.mark.parametrize("seed", range(3))
def test_runs_compared_some_at_a_time_give_the_same_stories(seed, monkeypatch):
    whole = an.mark_copies(reprints(seed))
    assert 20 < whole["copy_of"].notna().sum() < 80
    monkeypatch.setattr(runs, "PLACES", 50)
    assert len(runs.shared_runs(reprints(seed)["text"])[0].places) > 10
    pd.testing.assert_frame_equal(an.mark_copies(reprints(seed)), whole)
