import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.corpus.clean import drawn, learned, removed_spans
from analysis.corpus.repeated import boilerplate_of, boilerplate_spans

SAMPLE = Path("tests/cases/boilerplate_sample.csv")
LINE = "Like our page and hear from us every day."
BARE = "like our page and hear from us on every single day"


def topic(number):
    """Twelve words that no other number has."""
    return " ".join(f"word{number}x{place}" for place in range(12))


def pages(*, n=12, line=LINE, outlet="BBC", days=1, bare=False):
    """`n` articles with `line` in the middle, one every `days` days, and another outlet's without it."""
    joint = " " if bare else ". "
    texts = [f"{topic(i)}{joint}{line} {topic(1000 + i)}{'' if bare else '.'}" for i in range(n)]
    dates = pd.Timestamp("2017-02-01") + pd.to_timedelta([i * days for i in range(n)], unit="D")
    table = pd.DataFrame(
        {"doc_id": [f"d{i:02}" for i in range(n)], "outlet": outlet, "date": dates, "text": texts}
    )
    other = table.iloc[:1].assign(doc_id="other", outlet="DW", text=topic(5000))
    return pd.concat([table, other], ignore_index=True)


def removed(articles):
    return removed_spans(an.clean(articles, repeated=True))


def test_a_line_of_one_outlet_goes_and_is_named_after_it():
    articles = pages()
    found = removed(articles)
    assert found["text"].tolist() == [f"{LINE} "] * 12
    assert set(found["rule"]) == {"repeated in BBC"}
    assert an.clean(articles, repeated=True)["text"][0] == f"{topic(0)}. {topic(1000)}."


@pytest.mark.parametrize(("before", "spans"), [("Sen. ", 0), ("\n", 12)])
def test_a_piece_that_announces_something_goes_only_as_a_line_of_its_own(before, spans):
    articles = pages(line=f"{before}Jane Doe Jane Ann Doe party resists long trial says:")
    assert len(removed(articles)) == spans


@pytest.mark.parametrize("written", ["China Daily", "CHINA DAILY"])
def test_the_name_of_the_outlet_is_not_a_country(written):
    line = f"Photos provided to {written} by readers."
    assert removed(pages(line=line, outlet="China Daily"))["text"].tolist() == [f"{line} "] * 12


def test_in_text_without_punctuation_it_goes_too():
    assert removed(pages(line=BARE, bare=True))["text"].tolist() == [f"{BARE} "] * 12


STAY = {
    "nine stories": pages(n=9),
    "the phrase of one week": pages(days=0),
    "a part of sentences": pages(line="He told us in an interview on Monday that it is"),
    "a name in text without punctuation": pages(line="the islamic state of iraq and the levant", bare=True),
    "a long name in many forms": pages(n=40, bare=True).assign(
        text=lambda table: [
            re.sub(
                "like .* day",
                f"the islamic state of iraq and the levant{' also known as isis' * (i % 3 == 0)}",
                text,
            )
            for i, text in enumerate(table["text"].str.replace(LINE, BARE))
        ]
    ),
    "a line of four words": pages(line="Like our page now."),
    "a line of all outlets": pd.concat(
        [pages(), pages(outlet="CNN").assign(doc_id=[f"e{i}" for i in range(13)])], ignore_index=True
    ).assign(text=lambda table: [f"{text} {topic(9000 + i)}" for i, text in enumerate(table["text"])]),
    "a standing sentence on a country": pages(line="Russia and China have moved closer in recent years."),
    "a standing sentence in Russian": pages(line="Москва и Пекин называют свои отношения стратегическими."),
    "a standing sentence in Chinese": pages(line="俄罗斯和中国是全面战略协作伙伴。"),
    "an outlet alone": pages().iloc[:12],
    "one story printed again and again": pages().assign(
        text=[f"{topic(1)}. {topic(2)}. {topic(3)}. {LINE} {topic(4)}."] * 12 + [topic(9)],
        story_id=["d00"] * 12 + ["other"],
    ),
}


@pytest.mark.parametrize("articles", STAY.values(), ids=STAY)
def test_what_may_be_the_article_stays(articles):
    assert removed(articles).empty


def test_rules_come_first_or_alone():
    articles = pages(line="Leave a reply to us here and now, please. pic.twitter.com/a1B2")
    assert set(removed_spans(an.clean(articles, repeated=False))["rule"]) == {"link to an embedded picture"}
    assert set(removed(articles)["rule"]) == {"link to an embedded picture", "repeated in BBC"}


def test_cutting_the_removed_spans_gives_the_clean_text():
    articles = pages()
    cleaned = an.clean(articles, repeated=True)
    texts = articles.set_index("doc_id")["text"].to_dict()
    for row in removed_spans(cleaned).itertuples():
        assert texts[row.doc_id][row.start : row.end] == row.text
        texts[row.doc_id] = texts[row.doc_id][: row.start] + texts[row.doc_id][row.end :]
    assert list(texts.values()) == cleaned["text"].tolist()


def test_the_order_of_the_rows_does_not_matter():
    articles = pages()
    cleaned = an.clean(articles, repeated=True)["text"]
    order = articles.sample(frac=1, random_state=0)
    assert an.clean(order, repeated=True)["text"].sort_index().equals(cleaned)


@pytest.mark.parametrize("missing", ["outlet", "date"])
def test_without_outlets_or_dates_nothing_repeats(missing):
    assert removed(pages().drop(columns=missing)).empty


def test_the_seeds_hold_nothing_that_repeats():
    seeds = an.load_example("seeds")
    pd.testing.assert_frame_equal(an.clean(seeds), an.clean(seeds, repeated=False))


def lines(**options):
    """Pages in which a short line is between two line ends."""
    return pages(line="Photo", **options).assign(
        text=lambda table: [text.replace(". Photo ", ".\n\nPhoto\n\n") for text in table["text"]]
    )


def test_a_short_line_of_its_own_goes_even_if_other_outlets_have_it():
    articles = lines()
    other = lines(outlet="CNN").iloc[:12].assign(doc_id=[f"e{at}" for at in range(12)])
    found = removed(
        pd.concat([articles, other.assign(text=other["text"] + " " + other["doc_id"])], ignore_index=True)
    )
    assert set(found["text"].str.strip()) == {"Photo"}
    assert len(found) == 24
    assert removed(lines(n=9)).empty
    assert removed(lines(days=0)).empty


def test_no_articles_have_no_spans():
    assert boilerplate_spans([], [], boilerplate_of([], [], [], np.array([], dtype="datetime64[D]"))) == []
    assert removed(pages().iloc[:0]).empty


def test_of_a_hundred_spans_read_by_hand_98_are_boilerplate():
    spans = removed_spans(an.load_example("news", prepared=True)).groupby("doc_id")
    found = {name: list(zip(rows["start"], rows["end"], strict=True)) for name, rows in spans}
    read = pd.read_csv(SAMPLE)
    still = [
        any(start < row.end and row.start < end for start, end in found.get(row.doc_id, []))
        for row in read.itertuples()
    ]
    assert read["boilerplate"][still].mean() >= 0.98
    assert sum(still) >= 190


@pytest.mark.parametrize("bare", [False, True])
def test_parts_lose_what_is_learned_from_all(bare):
    articles = pages(bare=bare, line=BARE if bare else LINE, n=30)
    known = learned(articles)
    parts = [an.clean(articles[at : at + 7], repeated=known) for at in range(0, len(articles), 7)]
    pd.testing.assert_frame_equal(pd.concat(parts), an.clean(articles))
    assert removed_spans(an.clean(articles[:7])).empty  # a part alone does not show what is repeated


def test_of_many_articles_those_drawn_by_id_show_what_is_repeated(monkeypatch):
    other = pages(n=50, line="").assign(outlet="DW", doc_id=lambda rows: "o" + rows["doc_id"])
    articles = pd.concat([pages(n=200), other], ignore_index=True)
    monkeypatch.setattr("analysis.corpus.clean.LEARNED", 100)
    assert drawn(articles, 100).sum() == 100
    found = removed(articles)
    assert found["text"].tolist() == [f"{LINE} "] * 200
    assert found.equals(removed(articles[::-1])[::-1].reset_index(drop=True))
