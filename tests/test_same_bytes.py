"""The same files come of the same articles, whatever must not matter; several such things are changed at once."""

import os
import subprocess
import sys
import time

import pytest

LINE = """
import datetime, sys, warnings
from pathlib import Path
import analysis as an

class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.now(tz) + datetime.timedelta(days=400)
    today = utcnow = now

warnings.simplefilter("ignore")
given, out, order, day, sheets = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
lexicon = an.read_lexicon("russia-china")
read = an.read_articles(given)
articles = an.mark_copies(an.clean(read.sample(frac=1, random_state=order)))
passages = an.passages(articles)
hits = an.find_frames(passages, lexicon)
shares = an.frame_shares(hits, passages)
how = an.Inference(draws=99, relabelings=99)
counts = an.count_terms(an.tokenize(articles))
topics = {engine: an.fit_topics(counts, 3, engine=engine) for engine in sys.argv[6].split()}
ax = an.plot(an.compare_outlets(shares, articles, how=how))
for name, module in list(sys.modules.items()) if day == "later" else ():
    if name.split(".")[0] in ("analysis", "xlsxwriter", "matplotlib") and getattr(module, "datetime", 0):
        module.datetime = Later if module.datetime is datetime.datetime else module.datetime
        assert name != "analysis.corpus.dates" or module.datetime.now() > datetime.datetime.now()
read, articles = an.read_articles(given), articles if order else articles
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
an.sample_to_code(passages, lexicon, articles=articles, n=9, path=out / sheets)
an.write_lexicon(lexicon, out / "lexicon.yaml")
(out / "methods.txt").write_text(an.methods_text(tables["estimates"], tables["differences"]), "utf-8")
ax.figure.savefig(out / "estimates.png", metadata={"Software": None})
"""
TEXTS = [
    "Russia and China signed a gas deal worth {n} billion. Trade between Russia and China grew.",
    "Moscow and Beijing are strategic partners, İstanbul’s analysts wrote on day {n}.",
    "China and Russia are no allies, said {n} experts. Leave a reply:",
]
OUTLETS = ("AP", "BBC", "DW")
USUAL = {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
SLOW = "sklearn gensim"
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "ARROW_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
)
PLAIN = {"PYTHONHASHSEED": "random", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def given(folder, outlets=OUTLETS):
    """The articles, a file an outlet, made in this order."""
    (folder / "given").mkdir(parents=True)
    rows = [
        (f"d{n:02}", OUTLETS[n % 3], f"{n % 9 + 1}/13/{17 + n % 12}", TEXTS[n % 3].format(n=n)) for n in range(30)
    ]
    for outlet in outlets:
        own = [f'{name},{by},{day},"{text}"' for name, by, day, text in rows if by == outlet]
        (folder / "given" / f"{outlet}.csv").write_text("\n".join(["doc_id,outlet,date,text", *own]), "utf-8")
    return folder


def begun(folder, place="given", *, order=0, day="today", cwd=None, sheets="sheets", slow="", **environment):
    (folder / "out").mkdir(exist_ok=True)
    path = os.pathsep.join(map(os.path.abspath, sys.path))
    arguments = [sys.executable, "-c", LINE, place, folder / "out", str(order), day, sheets, f"nmf-lda {slow}"]
    env = {**os.environ, "PYTHONPATH": path, **USUAL, **environment}
    return subprocess.Popen(arguments, cwd=cwd or folder, env=env, stderr=subprocess.PIPE, text=True)


def written(folder, *place, **how):
    """The bytes of each file that the line writes."""
    line = begun(folder, *place, **how)
    _, complaint = line.communicate()
    assert line.returncode == 0, complaint
    return contents(folder / "out")


def contents(out):
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    found = written(given(tmp_path_factory.mktemp("here")), slow=SLOW)
    assert (
        len(found) == 2 * 12 + 6 + 3
    )  # tables twice; sheets of two coders, codebook, design; lexicon, text, figure
    return found


def same(found, usual):
    """Whether these are the same files, but for those of slow engines, which are made where they may differ."""
    assert {*found} >= {name for name in usual if not any(f" {one}." in name for one in SLOW.split())}
    assert {name for name in found if found[name] != usual.get(name)} == set()


def test_hash_seed_threads_and_locale_do_not_matter(usual, tmp_path):
    same(written(given(tmp_path), slow=SLOW, **PLAIN, **dict.fromkeys(THREADS, "3")), usual)


def test_orders_day_folder_zone_and_another_locale_do_not_matter(usual, tmp_path):
    """Rows and files in another order, 400 days later, elsewhere, with another comma and other capitals."""
    try:
        made = ["localedef", "-i", "tr_TR", "-f", "UTF-8", str(tmp_path / "tr_TR.UTF-8")]
        subprocess.run(made, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("localedef is not installed")
    (tmp_path / "else where").mkdir()
    changed = {"LOCPATH": str(tmp_path), "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"}
    place = given(tmp_path, OUTLETS[::-1])
    same(written(place, "../given", order=7, day="later", cwd=tmp_path / "else where", **changed), usual)


def test_two_runs_at_once_into_one_place_do_not_matter(usual, tmp_path):
    lines = [
        begun(given(tmp_path) if name == "sheets" else tmp_path, sheets=name) for name in ("sheets", "others")
    ]
    assert [line.communicate()[1] for line in lines] == ["", ""]
    found = contents(tmp_path / "out")
    assert {name: found[name.replace("others/", "sheets/")] for name in found} == found
    same({name: found[name] for name in found if not name.startswith("others/")}, usual)


def test_a_kill_and_a_second_start_do_not_matter(usual, tmp_path):
    line = begun(given(tmp_path))
    while line.poll() is None and not list((tmp_path / "out").glob("[a-z]*")):
        time.sleep(0.01)
    line.kill()
    line.communicate()
    assert len(contents(tmp_path / "out")) < len(usual)
    same(written(tmp_path), usual)
