"""The line from files of articles to tables, sheets, a lexicon, a text and a figure, as one function."""

import datetime
import sys
import warnings
from pathlib import Path

import analysis as an

TEXTS = [
    "Russia and China signed a gas deal worth {n} billion. Trade between Russia and China grew.",
    "Moscow and Beijing are strategic partners, İstanbul’s analysts wrote on day {n}.",
    "China and Russia are no allies, said {n} experts. Leave a reply:",
]
OUTLETS = ("AP", "BBC", "DW")
FILES = 2 * 12 + 6 + 3  # tables twice; sheets of two coders, codebook, design; lexicon, text, figure


class Later(datetime.datetime):
    """The time, 400 days later."""

    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.now(tz) + datetime.timedelta(days=400)

    today = utcnow = now


def given(folder, outlets=OUTLETS):
    """A folder of articles, a file an outlet, made in this order."""
    (folder / "given").mkdir(parents=True)
    rows = [
        (f"d{n:02}", OUTLETS[n % 3], f"{n % 9 + 1}/13/{17 + n % 12}", TEXTS[n % 3].format(n=n)) for n in range(30)
    ]
    for outlet in outlets:
        own = [f'{name},{by},{day},"{text}"' for name, by, day, text in rows if by == outlet]
        (folder / "given" / f"{outlet}.csv").write_text("\n".join(["doc_id,outlet,date,text", *own]), "utf-8")
    return folder / "given"


def line(place, outs, *, order=0, later=False, sheets="sheets", engines=("nmf-lda",)):
    """Everything that comes of the articles at a place, written into each of some folders."""
    warnings.simplefilter("ignore")
    lexicon = an.read_lexicon("russia-china")
    read = an.read_articles(place)
    articles = an.mark_copies(an.clean(read.sample(frac=1, random_state=order)))
    passages = an.passages(articles)
    hits = an.find_frames(passages, lexicon)
    shares = an.frame_shares(hits, passages)
    how = an.Inference(draws=99, relabelings=99)
    counts = an.count_terms(an.tokenize(articles))
    topics = {engine: an.fit_topics(counts, 3, engine=engine) for engine in engines}
    ax = an.plot(an.compare_outlets(shares, articles, how=how))
    if later:
        _later()
    read = an.read_articles(place)
    estimates, differences = (
        compare(shares, articles, how=how) for compare in (an.compare_outlets, an.outlet_differences)
    )
    tables = {
        "read": read, "shares": shares, "sources": an.summarize(articles, by="source"),
        "hits": hits.sort_values(["doc_id", "start", "entry"], ignore_index=True),
        "estimates": estimates, "differences": differences,
        **{f"words {engine}": found.words for engine, found in topics.items()},
        **{f"topics {engine}": found.shares.sort_index() for engine, found in topics.items()},
    }  # fmt: skip
    for out in map(Path, outs):
        out.mkdir(exist_ok=True)
        for name, table in tables.items():
            an.write_table(table, out / f"{name}.csv")
            an.write_table(table, out / f"{name}.parquet")
        an.sample_to_code(passages, lexicon, articles=articles, n=9, path=out / sheets)
        an.write_lexicon(lexicon, out / "lexicon.yaml")
        (out / "methods.txt").write_text(an.methods_text(estimates, differences), "utf-8")
        ax.figure.savefig(out / "estimates.png", metadata={"Software": None})


def _later():
    """Another day, for everything that asks which it is."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] in ("analysis", "xlsxwriter", "matplotlib") and getattr(module, "datetime", 0):
            module.datetime = Later if module.datetime is datetime.datetime else module.datetime
            assert name != "analysis.corpus.dates" or module.datetime.now() > datetime.datetime.now()
