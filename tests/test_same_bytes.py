"""The same files come of the same articles: whatever the hash seed, locale, zone, folder, threads and order."""

import os
import random
import subprocess
import sys

import pytest

LINE = """
import sys, warnings
from pathlib import Path
import analysis as an

warnings.simplefilter("ignore")
given, out = map(Path, sys.argv[1:3])
read = an.read_articles(given)
articles = an.mark_copies(an.clean(read.sample(frac=1, random_state=int(sys.argv[3]))))
lexicon = an.read_lexicon("russia-china")
passages = an.passages(articles)
hits = an.find_frames(passages, lexicon)
shares = an.frame_shares(hits, passages)
how = an.Inference(draws=99, relabelings=99)
counts = an.count_terms(an.tokenize(articles))
topics = {engine: an.fit_topics(counts, 3, engine=engine) for engine in ("nmf-lda", "sklearn", "gensim")}
tables = {
    "read": read, "shares": shares, "sources": an.summarize(articles, by="source"),
    "hits": hits.sort_values(["doc_id", "start", "entry"], ignore_index=True),
    "estimates": an.compare_outlets(shares, articles, how=how),
    "differences": an.outlet_differences(shares, articles, how=how),
    **{f"words {engine}": found.words for engine, found in topics.items()},
    **{f"topics {engine}": found.shares.sort_index() for engine, found in topics.items()},
}
for name, table in tables.items():
    an.write_table(table, out / f"{name}.csv")
    an.write_table(table, out / f"{name}.parquet")
an.sample_to_code(passages, lexicon, articles=articles, n=9, path=out / "sheets")
an.write_lexicon(lexicon, out / "lexicon.yaml")
(out / "methods.txt").write_text(an.methods_text(tables["estimates"], tables["differences"]), "utf-8")
ax = an.plot(tables["estimates"])
ax.figure.savefig(out / "estimates.png", metadata={"Software": None})
"""
TEXTS = [
    "Russia and China signed a gas deal worth {n} billion. Trade between Russia and China grew.",
    "Moscow and Beijing are strategic partners, İstanbul’s analysts wrote on day {n}.",
    "China and Russia are no allies, said {n} experts. Leave a reply:",
]
ELSEWHERE = {
    "another hash, locale, zone and folder": {
        "PYTHONHASHSEED": "1", "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "2",
    },
    "a random hash and the plain locale": {
        "PYTHONHASHSEED": "random", "LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "America/St_Johns",
    },
}  # fmt: skip


def written(folder, order, **environment):
    """The bytes of each file that the line writes; the files are made, and the rows given, in this order."""
    given, out = folder / "given", folder / "out"
    given.mkdir(parents=True)
    out.mkdir()
    rows = [
        (f"d{n:02}", ("AP", "BBC", "DW")[n % 3], f"2017-{n % 9 + 1:02}-03", TEXTS[n % 3].format(n=n))
        for n in range(30)
    ]
    for outlet in sorted({row[1] for row in rows}, key=lambda _: order.random()):
        own = [f'{name},{by},{day},"{text}"' for name, by, day, text in rows if by == outlet]
        lines = ["doc_id,outlet,date,text", *own]
        (given / f"{outlet}.csv").write_text("\n".join(lines), "utf-8")
    place = {**os.environ, "MPLBACKEND": "agg", "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
    arguments = [sys.executable, "-c", LINE, "given" if order.random() < 0.5 else str(given), str(out)]
    arguments.append(str(order.randrange(99)))
    done = subprocess.run(
        arguments, cwd=folder, env=place | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return written(tmp_path_factory.mktemp("here"), random.Random(0))


@pytest.mark.parametrize("name", ELSEWHERE)
def test_bytes_are_the_same_elsewhere(name, usual, tmp_path):
    found = written(tmp_path / name / "given elsewhere", random.Random(1), **ELSEWHERE[name])
    assert sorted(found) == sorted(usual)
    assert [one for one in usual if found[one] != usual[one]] == []
