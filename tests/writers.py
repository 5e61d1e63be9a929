"""Each function and command of the package that writes files, with something to write: ``WRITERS[name](path)``.

Where a name has a suffix one file is written, else several into a folder.
"""

import warnings
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp
from unittest import mock

import news_articles
import pandas as pd
from click.testing import CliRunner

import analysis as an
from analysis.__main__ import main as framing
from analysis.compare.robustness.cache import Cache
from analysis.compare.robustness.measures import FIGURES
from analysis.corpus import examples
from analysis.frames.coding.certificate import Certificate
from analysis.frames.formats.files import FORMATS
from analysis.frames.formats.read_yaml import parsed
from analysis.show.deposit import write_deposit
from analysis.show.desk.coding import CodesFile
from analysis.show.desk.evidence import gathered
from analysis.show.report.formats import write_page
from analysis.show.starter import write_starter
from analysis.study.study import run_study
from tests.show.deposits_once import once

ARTICLES = pd.DataFrame({"doc_id": ["a"], "outlet": "DW", "text": ["Russia and China trade gas."]})
THREE = pd.DataFrame({
    "doc_id": list("abc"), "outlet": ["DW", "RT", "RT"], "title": "",
    "text": [f"Russia and China trade {gas}." for gas in ("gas", "much oil", "no coal at all")],
})  # fmt: skip
LEXICON = parsed("frames: {trade: [gas, oil], trust: [partner*]}", "own.yaml")
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
PAGE = f'<p>Russia and China trade gas.</p><img src="data:image/png;base64,{DOT}">'


@cache
def given():
    """A folder with articles and a lexicon, and a study of them that asks for passages to be coded."""
    folder = Path(mkdtemp(prefix="writers"))
    many = pd.concat(
        [THREE.assign(doc_id=f"{n}" + THREE["doc_id"], text=f"{n} " + THREE["text"]) for n in range(4)]
    )
    an.write_table(many, folder / "a.csv")
    an.write_lexicon(LEXICON, folder / "own.yaml")
    return folder


def passages():
    return an.passages(an.mark_copies(an.clean(THREE)), about=None)


def desk(path):
    found = an.passages(ARTICLES, about=None)
    evidence = gathered(ARTICLES, an.find_frames(found, LEXICON), passages=found, lexicon=LEXICON)
    CodesFile(path).write(evidence, {found["passage_id"][0]: {"trade": 1}})


def results(path):
    """A result that cannot be kept is a warning: nothing else is lost."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        Cache(path, "origin").save({"k": 1}, dict.fromkeys(FIGURES, 0.1))
    for one in said:
        start = f"robustness: results cannot be kept in {path} ("
        assert str(one.message).startswith(start)
        raise OSError(str(one.message).removeprefix(start))


def command(*words, answers=""):
    """What a command writes; its complaint is raised, as a function would."""
    done = CliRunner().invoke(framing, [str(word) for word in words], input=answers)
    if done.exit_code:
        raise OSError(done.stderr.strip().splitlines()[-1].removeprefix("framing: "))


def certified(folder, *words, answers=""):
    """``framing certify`` in a folder of its own, which it gets ready before the first write of the command."""
    if not (folder / "news.csv").exists():
        folder.mkdir()
        (folder / "news.csv").write_bytes((given() / "a.csv").read_bytes())
    command("certify", folder / "news.csv", "--lexicon", given() / "own.yaml", "--no-pair", "-n", 10, *words,
            answers=answers)  # fmt: skip


def deposit(folder):
    with once():
        write_deposit(an.mark_copies(an.clean(THREE)), LEXICON, folder)


def corpus_file(path):
    found = ARTICLES, 1
    with mock.patch.object(news_articles, "news_articles", return_value=found):
        news_articles.main("", str(path))


def prepared(path):
    with mock.patch.multiple(examples, PREPARED=path, load_example=lambda _: THREE):
        examples.main()


def converted(path, name):
    command("lexicon", "convert", given() / "own.yaml", path, "--to", name)


def dictionary(path, name):
    an.write_lexicon(LEXICON, path, format=name)


WRITERS = {
    "a.csv": partial(an.write_table, ARTICLES),
    "a.parquet": partial(an.write_table, ARTICLES),
    **{
        f"{name} {work.__name__}{kind.suffixes[-1]}": partial(work, name=name)
        for work in (dictionary, converted)
        for name, kind in FORMATS.items()
    },
    "own.yaml": partial(an.write_lexicon, LEXICON),
    "report.html": lambda path: write_page(PAGE, path, "html"),
    "report.md": lambda path: write_page(PAGE, path, "md"),
    "report.docx": lambda path: write_page(PAGE, path, "docx"),
    "codes.csv": desk,
    "certificate.json": Certificate().write,
    "news.parquet": corpus_file,
    "prepared.parquet": prepared,
    "results": results,
    "sheets": lambda folder: an.sample_to_code(passages(), LEXICON, articles=THREE, n=2, path=folder),
    "queue": lambda folder: an.next_to_code(
        passages(), passages().assign(coder="m", label="trade", code=1), articles=THREE, n=2, path=folder
    ),
    "certify": lambda folder: certified(folder, answers="y\nn\n" * 10),
    "certify sheet": lambda folder: certified(folder, "--sheet", folder / "s.xlsx"),
    "starter": write_starter,
    "deposit": deposit,
    "study": lambda folder: run_study(given() / "a.csv", folder, LEXICON),
}  # fmt: skip
