"""Time and memory on a large corpus, against scikit-learn's CountVectorizer on the same texts, in one run.

The corpus: stretches of six sentences of real articles, every fifth word replaced by another of the corpus, so
that sentences stay sentences and no article is a reprint; 500 outlets, their sizes as 1/rank; one in twenty is
reprinted elsewhere; one in fifty opens with a made-up sentence on Russia and China, in every second outlet on
trade and in the others on arms. pandas, polars (streaming) and gensim (streamed LDA) do what they can do of this
beside it. Run: python -m benchmarks.scale [articles,articles …] [another table of articles] [step …]; of several
sizes the exponent of growth is printed, too. Or, for a corpus of made-up sentences that is extreme in one way,
python -m benchmarks.scale outlets | long | tiny | pair [number] [step …]
"""

import os
import re
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from time import perf_counter, sleep

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer

import analysis as an
from analysis.__main__ import main as framing
from analysis.study.parts import in_processes
from analysis.study.study import run_study

from .corpora import planted

ARTICLES, OUTLETS, STRETCH, CHANGED = 37_500, 500, 6, 0.2
REPRINTED, ABOUT = 0.05, 0.02
NAMED = 0.1  # of the articles that name both countries this share is used: the tables at hand were chosen by them
SENTENCES = ("Russia and China signed a trade agreement.", "Russia and China held joint military exercises.")
EXTREMES = {"outlets": 1_000, "long": 20_000_000, "tiny": 100_000, "pair": 10_000}  # outlets, letters, articles
SYLLABLES = ["lor", "ips", "dol", "sit", "ame", "con", "adi", "eli", "sed", "tem", "por", "inc"]
FILE = 2_500  # articles of each file that framing run works through


def made(n: int, sources: list[Path], *, seed: int = 0) -> pd.DataFrame:
    """`n` articles by the recipe above, the last twentieth reprints."""
    chance = np.random.default_rng(seed)
    given = pd.concat([pd.read_parquet(path) for path in sources], ignore_index=True)
    both = given["text"].str.contains("Russia") & given["text"].str.contains("China")
    given = given[(given["text"].str.len() > 200) & (~both | (chance.random(len(given)) < NAMED))]
    parts = [re.split(r"(?<=[.!?])\s+", text) for text in given["text"]]
    vocabulary = np.array(" ".join(given["text"]).split(), dtype=object)
    reprints = int(n * REPRINTED)
    lengths = chance.choice([len(part) for part in parts], n - reprints)
    texts = [_text(length, parts, vocabulary, chance) for length in lengths]
    outlet = chance.choice(OUTLETS, len(texts), p=_sizes())
    about = chance.random(len(texts)) < ABOUT
    texts = [f"{SENTENCES[o % 2]} {t}" if a else t for t, o, a in zip(texts, outlet, about, strict=True)]
    days = pd.Timestamp("2016-01-01") + pd.to_timedelta(chance.integers(0, 1_400, len(texts)), unit="D")
    titles = [" ".join(chance.choice(vocabulary, 8)) for _ in texts]
    table = pd.DataFrame({
        "doc_id": [f"made{at:07}" for at in range(len(texts))], "outlet": [f"Outlet {at:03}" for at in outlet],
        "date": days, "title": titles, "text": texts,
    })  # fmt: skip
    return pd.concat([table, planted(table, reprints, seed=seed)], ignore_index=True)


def extreme(kind: str, n: int, *, seed: int = 0) -> pd.DataFrame:
    """Made-up articles: of `n` outlets; with one of `n` letters; `n` of a sentence; `n` on the pair."""
    chance = np.random.default_rng(seed)
    words = np.array([first + second for first in SYLLABLES for second in SYLLABLES])

    def prose(sentences: int) -> str:
        return " ".join(" ".join(["The", *chance.choice(words, 9), "was for all."]) for _ in range(sentences))

    if kind == "tiny":
        texts = [prose(1) if at % 50 else SENTENCES[at // 50 % 2] for at in range(n)]
    else:
        number = {"outlets": 3 * n, "long": 60, "pair": n}[kind]
        texts = [f"{SENTENCES[at % 2]} {prose(6)}" for at in range(number)]
    if kind == "long":
        texts[0] += prose(n // len(texts[0]) * 7)
    outlets = n if kind == "outlets" else 30
    days = pd.Timestamp("2016-01-01") + pd.to_timedelta(chance.integers(0, 700, len(texts)), unit="D")
    return pd.DataFrame({
        "doc_id": [f"made{at:07}" for at in range(len(texts))], "title": "A headline", "date": days, "text": texts,
        "outlet": [f"Outlet {at % outlets:03}" for at in range(len(texts))],
    })  # fmt: skip


def _sizes() -> np.ndarray:
    sizes = 1 / np.arange(1, OUTLETS + 1)
    return sizes / sizes.sum()


def _text(length: int, parts: list[list[str]], vocabulary: np.ndarray, chance: np.random.Generator) -> str:
    sentences: list[str] = []
    while len(sentences) < length:
        part = parts[chance.integers(len(parts))]
        at = chance.integers(max(len(part) - STRETCH, 1))
        sentences += part[at : at + STRETCH]
    words = np.array(" ".join(sentences[:length]).split(), dtype=object)
    changed = np.flatnonzero(chance.random(len(words)) < CHANGED)
    words[changed] = vocabulary[chance.integers(len(vocabulary), size=len(changed))]
    return " ".join(words)


def _with_scikit_learn(texts: list[str]) -> str:
    return f"{CountVectorizer().fit_transform(texts).shape[1]} terms"


def _hits(path: Path) -> str:
    """From reading to hits as ``framing report`` does it: by two processes, without counts of terms."""
    study = run_study(path, path.with_name("hits"), an.read_lexicon("russia-china"), counts=False, do=in_processes)
    return f"{len(study.hits)} hits, {study.articles['copy_of'].notna().sum()} copies"


def _report(path: Path) -> str:
    page = path.with_suffix(".html")
    with redirect_stdout(StringIO()):
        framing(["report", str(path), "-o", str(page)], standalone_mode=False)
    return f"{page.stat().st_size / 1e6:.1f} MB"


def _run(path: Path) -> str:
    """framing run over files of ``FILE`` articles: planted copies that were found, and planted differences."""
    folder, planted_at = path.with_name("study"), pd.read_parquet(path, columns=["doc_id", "source"]).dropna()
    study = run_study(path.with_name("files"), folder, an.read_lexicon("russia-china"), do=in_processes)
    story = study.articles.set_index("doc_id")["story_id"]
    copies = (story[planted_at["doc_id"]].to_numpy() == story[planted_at["source"]].to_numpy()).mean()
    number = study.articles.set_index("doc_id")["outlet"].str.extract(r"(\d+)")[0].astype(int)
    trade = study.shares["economy"].groupby(number[study.shares.index].to_numpy() % 2).mean()
    size = sum(file.stat().st_size for file in folder.rglob("*.parquet"))
    return (
        f"{len(study.hits)} hits; planted copies found {copies:.1%}; trade in even outlets {trade[0]:.0%}, in odd "
        f"{trade[1]:.0%}; disk {size / path.stat().st_size:.1f} x Parquet input, {size / 1e6:.0f} MB"
    )


def _with_pandas(path: Path) -> str:
    """What pandas alone does for the pair: read all files, and count articles of an outlet with both names."""
    files = sorted(path.with_name("files").glob("*.parquet"))
    articles = pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)
    both = articles["text"].str.contains("Russia") & articles["text"].str.contains("China")
    return f"{both.groupby(articles['outlet']).sum().sum()} articles name both; no copies, passages or frames"


def _with_polars(path: Path) -> str:
    """The same as pandas does, by polars' streaming engine: batches of rows, so that memory does not grow."""
    import polars as pl

    text = pl.col("text")
    both = text.str.contains("Russia", literal=True) & text.str.contains("China", literal=True)
    table = pl.scan_parquet(path.with_name("files") / "*.parquet").filter(both).group_by("outlet").len()
    return f"{table.collect(engine='streaming')['len'].sum()} articles name both; no copies, passages or frames"


def _with_gensim(path: Path) -> str:
    """gensim's streamed dictionary and LDA of 10 topics in one pass over the files."""
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel
    from gensim.utils import simple_preprocess

    files = sorted(path.with_name("files").glob("*.parquet"))

    def texts():
        for file in files:
            yield from map(simple_preprocess, pd.read_parquet(file, columns=["text"])["text"])

    words = Dictionary(texts())
    words.filter_extremes(no_below=5, no_above=0.5)

    class Bags:
        def __iter__(self):
            return (words.doc2bow(text) for text in texts())

    model = LdaModel(Bags(), id2word=words, num_topics=10, random_state=0)
    return f"{model.num_topics} topics, {len(words)} terms; no stories, outlets or frames"


STEPS = {
    "vectorizer": _with_scikit_learn, "hits": _hits, "report": _report, "run": _run,
    "pandas": _with_pandas, "polars": _with_polars, "gensim": _with_gensim,
}  # fmt: skip


def _child(step: str, path: Path) -> tuple[float, float, float, str]:
    """Seconds of the clock, and of the processor with the start, most memory in MB, and what the step prints."""
    command = [sys.executable, "-m", "benchmarks.scale", step, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        peak, ticks = 0.0, dict[int, int]()
        while process.poll() is None:
            with suppress(OSError):  # one of them has ended
                tree = [process.pid, *_children(process.pid)]
                ticks |= {one: _ticks(one) for one in tree}
                peak = max(peak, sum(map(_memory, tree)))
            sleep(0.2)
        clock, said = process.stdout.read().split(" ", 1)
    return float(clock), sum(ticks.values()) / os.sysconf("SC_CLK_TCK"), peak, said.strip()


def _memory(pid: int) -> float:
    """The memory of a process, what several share divided between them, in MB."""
    found = re.search(r"Pss:\s*(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text())
    return int(found[1]) / 1024 if found else 0


def _ticks(pid: int) -> int:
    """The time that a process has had of the processor."""
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))


def _children(pid: int) -> list[int]:
    files = Path(f"/proc/{pid}/task").glob("*/children")
    own = [int(one) for file in files if file.exists() for one in file.read_text().split()]
    return [*own, *(below for one in own for below in _children(one))]


def main() -> None:
    """A row a step: seconds by the clock, how many times CountVectorizer's, processor seconds, most memory."""
    kind = sys.argv.pop(1) if sys.argv[1:2] and sys.argv[1] in EXTREMES else ""
    sizes = sys.argv.pop(1) if sys.argv[1:2] and sys.argv[1][0].isdigit() else str(EXTREMES.get(kind, ARTICLES))
    steps = [word for word in sys.argv[1:] if word in STEPS] or list(STEPS)
    sources = [Path("data/news_articles.parquet"), *(Path(word) for word in sys.argv[1:] if word not in STEPS)]
    taken = [_measured(n, kind, sources, steps) for n in map(int, sizes.split(","))]
    for step in steps if len(taken) > 1 else ():
        grown = np.log(taken[-1][step] / taken[0][step]) / np.log(taken[-1]["MB"] / taken[0]["MB"])
        print(f"{step:12} exponent of growth {grown:.2f}")


def _measured(n: int, kind: str, sources: list[Path], steps: list[str]) -> dict[str, float]:
    """The seconds of each step on a corpus of this size, and the megabytes of its text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "articles.parquet")
        articles = extreme(kind, n) if kind else made(n, sources)
        articles.to_parquet(path, index=False)
        Path(folder, "files").mkdir()
        for at in range(0, len(articles), FILE):
            articles[at : at + FILE].to_parquet(Path(folder, "files", f"{at:07}.parquet"), index=False)
        taken = {"MB": articles["text"].str.len().sum() / 1e6}
        print(f"{len(articles)} articles, {taken['MB']:.0f} MB, {articles['outlet'].nunique()} outlets")
        print(f"{'step':12} {'seconds':>8} {'ratio':>6} {'processor':>9} {'most MB':>8}")
        for step in steps:
            taken[step], processor, peak, said = _child(step, path)
            ratio = taken[step] / taken[steps[0]]
            print(f"{step:12} {taken[step]:8.1f} {ratio:6.2f} {processor:9.1f} {peak:8.0f}  {said}", flush=True)
    return taken


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in STEPS:
        step, path = sys.argv[1], Path(sys.argv[2])
        given = pd.read_parquet(path, columns=["text"])["text"].tolist() if step == "vectorizer" else path
        start = perf_counter()
        found = STEPS[step](given)
        print(round(perf_counter() - start, 1), found)
    else:
        main()
