import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis as an
from analysis.frames.formats.read_yaml import parsed
from analysis.frames.lexicon import OVERLAPS
from analysis.frames.match import COLUMNS, text_frames
from tests.data import cases, refused

GROUPS = cases("frames", as_text=True)
CASES = [
    pytest.param(yaml.safe_dump(group["lexicon"], sort_keys=False), case, id=f"{group['label']}: {case['text']}")
    for group in GROUPS
    for case in group["cases"]
]
TINY = parsed(
    """
    negation: {words: [not, never], scope: 3, except: [not only]}
    unless: {before: [its]}
    frames:
      near: [{match: [ally, "close … friend*"], negated: far}, {match: ties, unless: {over: [trade ties]}}]
      far: [rival*, not friends]
      money: {negation: ignored, entries: [trade, trade ties, (oil|gas)]}
    """,
    "tiny.yaml",
)
NOTHING = parsed("frames: {near: {entries: []}, far: {entries: []}}", "nothing.yaml")
PARTS = [
    "ally",
    "close",
    "friends",
    "ties",
    "trade",
    "not",
    "never",
    "not only",
    "its",
    "rivals",
    "oil.",
    "Russia",
    "China",
]
SENTENCES = st.lists(st.sampled_from(PARTS), max_size=10).map(" ".join)
TEXTS = st.lists(st.one_of(st.text(st.characters(exclude_categories=["Cs"])), SENTENCES), max_size=4)


def articles(*texts):
    return pd.DataFrame({"doc_id": [f"d{at}" for at in range(len(texts))], "text": list(texts)})


@pytest.mark.parametrize(("lexicon", "case"), CASES)
def test_hits(lexicon, case):
    found = an.find_frames(articles(case["text"]), parsed(lexicon, "case.yaml"))
    rows = found[["frame", "entry", "text", "negated"]].astype({"frame": str}).to_numpy().tolist()
    assert [[*row[:3], *["not"] * row[3]] for row in rows] == case["hits"]


@given(TEXTS, st.sampled_from(["sentence", "paragraph", "window", "article"]))
def test_every_hit_leads_back_to_its_article(texts, unit):
    table = articles(*texts)
    passages = an.passages(table, about=None, unit=unit)
    hits = an.find_frames(passages, TINY)
    text_of = table.set_index("doc_id")["text"]
    assert [text_of[doc][a:b] for doc, a, b in hits[["doc_id", "start", "end"]].to_numpy()] == hits[
        "text"
    ].tolist()
    spans = hits.merge(passages, on=["passage_id", "doc_id"], suffixes=("", "_passage"), validate="many_to_one")
    assert len(spans) == len(hits)
    assert (spans["start"].ge(spans["start_passage"]) & spans["end"].le(spans["end_passage"])).all()


@settings(deadline=None, max_examples=20)
@given(TEXTS, st.randoms())
def test_the_order_of_passages_does_not_matter(texts, random):
    passages = an.passages(articles(*texts), about=None)
    rows = list(range(len(passages)))
    random.shuffle(rows)
    lexicon = parsed("about: [Russia, China]\nframes: {near: [ally, ties], money: [trade]}", "pair.yaml")
    for chosen in (TINY, lexicon):
        one, other = an.find_frames(passages, chosen), an.find_frames(passages.iloc[rows], chosen)
        assert sorted(one.astype(str).to_numpy().tolist()) == sorted(other.astype(str).to_numpy().tolist())


@given(TEXTS)
def test_hits_of_one_frame_do_not_overlap(texts):
    hits = an.find_frames(articles(*texts), TINY)
    for _, rows in hits.groupby(["doc_id", "frame"], observed=True):
        edges = rows[["start", "end"]].to_numpy().ravel()
        assert (np.diff(edges) >= 0).all()


def test_no_rule_crosses_a_passage():
    text = "It is not. Ally! So close. Friends. Its. Ally. Trade. Ties."
    hits = an.find_frames(an.passages(articles(text), about=None), TINY)
    assert hits[["text", "frame", "negated"]].astype({"frame": str}).to_numpy().tolist() == [
        ["Ally", "near", False],
        ["Ally", "near", False],
        ["Trade", "money", False],
        ["Ties", "near", False],
    ]


def test_overlaps_may_be_chosen_for_one_search():
    sudans = an.Lexicon("s", entries=[an.Entry("south sudan", "SS"), an.Entry("sudan", "SD")])
    found = [an.find_frames(articles("South Sudan"), sudans, overlaps=kind)["frame"].tolist() for kind in OVERLAPS]
    assert found == [["SS", "SD"], ["SS"], ["SS", "SD"]]
    with refused("lexicon 's', overlaps: 'longest' is not a choice. Use one of: frame, lexicon, all."):
        an.find_frames(articles("South Sudan"), sudans, overlaps="longest")


def test_a_lexicon_is_built_by_hand():
    lexicon = an.Lexicon(
        "mine",
        frames=["near", "far"],
        entries=[an.Entry("ally", "near", ["ally", "allies"], unless={"before": "no"}), an.Entry("rival*", "far")],
        negation={"words": ["not"], "except": ["not only"]},
    )
    text = """
        negation: {words: [not], except: [not only]}
        frames: {near: [{match: [ally, allies], unless: {before: 'no'}}], far: [rival*]}
    """
    assert lexicon == parsed(text, "mine.yaml")
    with refused(
        "lexicon 'mine': entry 'ally' of nearr names the frame 'nearr', which is not among its frames. "
        "Found: near. Did you mean 'near'?"
    ):
        an.Lexicon("mine", frames=["near"], entries=[an.Entry("ally", "nearr")])


@pytest.mark.parametrize(
    "lexicon", [TINY, NOTHING, an.read_lexicon("russia-china")], ids=["tiny", "nothing", "shipped"]
)
@pytest.mark.parametrize("texts", [[], [""], ["no hit"]])
def test_empty_tables_have_their_columns(lexicon, texts):
    table = articles(*texts)
    passages = an.passages(table, about=None)
    for read in (passages, table):
        hits = an.find_frames(read, lexicon)
        assert hits.empty
        assert list(hits) == COLUMNS
        assert hits.dtypes.astype(str).tolist() == [
            "str",
            "str",
            "int64",
            "int64",
            "str",
            "category",
            "str",
            "bool",
        ]
        shares = an.frame_shares(hits, read)
        assert (list(shares), shares.index.tolist()) == (lexicon.labels, read["doc_id"].tolist())
        assert (shares == 0).all(axis=None)
    labels = text_frames(texts, lexicon)
    assert (list(labels), len(labels), labels.any(axis=None)) == (lexicon.labels, len(texts), False)


def test_shares_by_hand():
    passages = pd.DataFrame(
        {
            "passage_id": [10, 11, 12, 13],
            "doc_id": [2, 1, 2, 2],
            "start": [0, 0, 20, 40],
            "text": ["ally ally", "nothing", "not an ally of oil", "oil"],
        }
    )
    shares = an.frame_shares(an.find_frames(passages, TINY), passages)
    expected = pd.DataFrame(
        {"near": [0, 1 / 3], "far": [0, 1 / 3], "money": [0, 2 / 3]}, index=pd.Index(["1", "2"], name="doc_id")
    )
    pd.testing.assert_frame_equal(shares, expected)


def test_labels_are_those_of_each_text_alone():
    labels = text_frames(("ally", "not an ally", "oil ties"), TINY)
    assert labels.to_numpy().tolist() == [[True, False, False], [False, True, False], [True, False, True]]
    assert labels.dtypes.eq(bool).all()


def test_shares_of_passages_keep_their_order():
    passages = pd.DataFrame(
        {"passage_id": ["b", "a"], "doc_id": "d", "start": [0, 9], "text": ["not oil", "ally"]}
    )
    shares = an.frame_shares(an.find_frames(passages, TINY), passages, unit="passage")
    assert (shares.index.tolist(), shares["near"].tolist()) == (["b", "a"], [0.0, 1.0])
    coded = passages[["passage_id", "text"]]  # passages of a coding sheet, each without its article
    alone = an.frame_shares(an.find_frames(coded, TINY, isolated=True), coded, unit="passage")
    pd.testing.assert_frame_equal(alone, shares)


def test_positions_run_from_the_first_character_to_the_last():
    places = an.hit_positions(HITS, pd.DataFrame({"doc_id": ["x"], "text": ["ally, no oil"]}))
    assert places.to_numpy().tolist() == [["x", "near", 0.0], ["x", "money", 9 / 12]]


def test_no_argument_is_changed():
    passages = an.passages(articles("ally. oil."), about=None)
    before = passages.copy()
    an.frame_shares(an.find_frames(passages, TINY), passages)
    pd.testing.assert_frame_equal(passages, before)


PASSAGES = pd.DataFrame({"passage_id": ["a", "b"], "doc_id": ["x", "x"], "start": [0, 9], "text": ["ally", "oil"]})
HITS = an.find_frames(PASSAGES, TINY)
NEEDS = "A table of passages needs passage_id, doc_id, start, text."


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (
            lambda: an.find_frames(PASSAGES.drop(columns="start"), TINY),
            f"passages: column 'start' is missing. Found: passage_id, doc_id, text. {NEEDS}",
        ),
        (
            lambda: an.find_frames(PASSAGES[["text"]], TINY),
            "articles: column 'doc_id' is missing. Found: text. A table of articles needs doc_id, text.",
        ),
        (
            lambda: an.find_frames(PASSAGES.assign(passage_id="a"), TINY),
            "passages: passage_id 'a' is duplicated. Give each row its own.",
        ),
        (
            lambda: an.find_frames(PASSAGES.assign(text=["ally", 1.5]), TINY),
            "passages: the text of 'b' is not a string. Found: 1.5. Fill missing texts with '' or "
            "drop them first.",
        ),
        (
            lambda: an.find_frames(["ally"], TINY),
            "articles: a list is not a pandas DataFrame. A table of articles needs doc_id, text.",
        ),
        (
            lambda: an.frame_shares(HITS, PASSAGES[:1]),
            "hits: passage 'b' is not among the passages. Pass the table in which the hits were found.",
        ),
        (
            lambda: an.frame_shares(HITS.astype({"frame": str}), PASSAGES),
            "hits: frame is not categorical, so frames without a hit are lost. "
            "Pass weights=lexicon, or hits.astype({'frame': pd.CategoricalDtype(lexicon.labels)}).",
        ),
        (
            lambda: an.frame_shares(HITS, PASSAGES, unit="article"),
            "unit: 'article' is not a unit. Use one of: document, passage.",
        ),
        (
            lambda: an.hit_positions(HITS, pd.DataFrame({"doc_id": ["y"], "text": ["ally and oil"]})),
            "hits: article 'x' is not among the articles. Pass the articles from which the passages were cut.",
        ),
    ],
)
def test_what_is_wrong_is_told(call, error):
    with refused(error, (ValueError, TypeError)):
        call()


def test_what_a_passage_opens_with_is_heard_no_further_than_a_sentence_goes():
    lexicon = parsed(
        "lists: {pair: [Russia, China]}\nframes: {far: [{match: trade, unless: {opens: [Turkey]}}]}", "l.yaml"
    )
    opening = "Turkey sells to Russia and China."
    texts = [f"{opening} {'On the hills it rained. ' * hills}They trade." for hills in (0, 14, 15)]
    assert text_frames(texts, lexicon)["far"].tolist() == [False, False, True]


def test_a_condition_on_the_passage_asks_no_further_than_eighty_words():
    # In an entire article, what is said at its end says nothing of a hit at its start.
    lexicon = parsed("frames: {far: [{match: trade, unless: {passage: [Turkey]}}]}", "l.yaml")
    texts = [f"They trade. {'On the hills it rained. ' * hills}Turkey sells." for hills in (0, 15, 16)]
    assert text_frames(texts, lexicon)["far"].tolist() == [False, False, True]
    assert text_frames([f"Turkey sells. {'It rained. ' * 40}They trade."], lexicon)["far"].tolist() == [True]


def test_a_name_is_no_lexicon():
    with pytest.raises(
        TypeError, match=r"^lexicon: must be a Lexicon\. Found: str\. Write read_lexicon\('russia-china'\) or"
    ):
        an.find_frames(articles("Russia and China."), "russia-china")


@pytest.mark.parametrize("dollars", ["dollars", "U.S. dollars", "US dollars"])
def test_a_currency_is_no_third_country(dollars):
    text = f"Russia and China trade. Gas exports between the two countries reached 70 billion {dollars}."
    hits = an.find_frames(an.passages(articles(text)), an.read_lexicon("russia-china"))
    assert {"Gas", "exports", "dollars"} <= set(hits["text"])


def test_a_text_that_lost_its_capitals_has_the_same_sentences():
    text = "Russia and China agreed on gas. They met Mr. Putin. U.S. officials complained. It rained. " * 4
    for copy in (text, text.lower(), text.upper()):
        assert len(an.passages(articles(copy), about=None)) == 16


FRIENDS = "Russia and China signed a deal. The two countries praised their friendship."
PAIRED = parsed("about: [China, Russia]\nframes: {near: [friend*, rain*]}", "paired.yaml")


@pytest.fixture
def without_context():
    """A passage that is about the pair for what was said before it, which is not in the table."""
    return an.passages(articles(FRIENDS))[1:].reset_index(drop=True)


def test_what_a_passage_is_about_stays_decided_without_its_context(without_context, tmp_path):
    without_context.to_csv(tmp_path / "a.csv", index=False)
    without_context.to_parquet(tmp_path / "a.parquet")
    kept = [without_context, pd.read_csv(tmp_path / "a.csv"), pd.read_parquet(tmp_path / "a.parquet")]
    assert [an.find_frames(one, PAIRED)["text"].tolist() for one in kept] == [["friendship"]] * 3


def test_rows_without_a_decision_on_the_pair_are_judged_as_they_stand(without_context):
    other = without_context.assign(about="Russia and India", doc_id="d1", passage_id="d1:1")
    both = pd.concat([without_context, other, other.drop(columns="about").assign(doc_id="d2", passage_id="d2:1")])
    assert an.find_frames(both, PAIRED)["doc_id"].tolist() == ["d0"]
    assert an.find_frames(both, PAIRED, isolated=True)["doc_id"].tolist() == ["d0", "d1", "d2"]
    assert an.find_frames(both, PAIRED, strict=0.5).empty
    own = an.passages(articles("Russia met China. It rained."), about=None)
    added = pd.concat([an.passages(articles(FRIENDS)).assign(doc_id="d0"), own.assign(doc_id="d1")])
    assert an.find_frames(added.assign(passage_id=range(4)), PAIRED)["passage_id"].tolist() == ["1"]


def test_a_decision_by_another_measure_holds_until_a_measure_is_given():
    text = "Friendship societies closed in Russia, and wages rose in China."
    assert an.passages(articles(text)).empty
    loose = an.passages(articles(text), strict=0)
    assert an.find_frames(loose, PAIRED)["text"].tolist() == ["Friendship"]
    assert an.find_frames(loose, PAIRED, strict=0.5).empty
