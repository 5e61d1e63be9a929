"""The report: one HTML file that needs no network, with every number computed before it is written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import jinja2
import pandas as pd
from markupsafe import Markup
from tqdm import tqdm

from analysis.corpus.files import write_whole
from analysis.frames.formats import load_lexicon, read_lexicon
from analysis.frames.lexicon import Lexicon

from ..desk.book import json_for_html
from ..desk.embedding import embedded_book, page_script
from ..figures.style import colours
from ..measured import instrument_line
from ..signs import harmless
from .chapter import chapter
from .checklist import BLANK, asked
from .findings import MARGIN, STEPS, Findings, find
from .formats import check_converter, chosen_format, tables, write_converted
from .instrument import Measured, entries_table, manifest, measured, validation_table

PAIR = ("Russia", "China")
SECTIONS = {
    "findings": "Findings", "desk": "Reading desk", "differences": "Differences between outlets",
    "robustness": "Robustness", "corpus": "The corpus", "removed": "What was removed", "copies": "Copies",
    "time": "Over time", "along": "Along the article", "terms": "Distinctive terms", "topics": "Topics",
    "quotes": "Passages quoted",
}  # fmt: skip


def report(
    articles: pd.DataFrame | Mapping[str, pd.DataFrame],
    path: str | Path,
    *,
    lexicon: Lexicon | str | Path = "russia-china",
    about: tuple[str, str] | None = None,
    title: str | None = None,
    coded: pd.DataFrame | None = None,
    robustness: bool = False,
    seed: int = 0,
    format: str | None = None,
) -> Path:
    """The path of one offline HTML file: the whole line run on each corpus, with figures and evidence.

    The file holds a reading desk: each number leads to its passages, each passage to its article. Tables can be
    taken along as CSV, figures as SVG and PNG.

    Parameters
    ----------
    articles
        The table of ``read_articles``, or a mapping of names to such tables: a chapter a corpus.
    path
        Where to write; an existing file is replaced.
    lexicon
        The name of a shipped lexicon, the path of a lexicon file, or a lexicon.
    about
        The two countries; by default those of the lexicon, or Russia and China where it names none.
    title
        The heading of the report.
    coded
        Coded passages on which to measure the lexicon (see ``validate``); by default those of the project where
        they fit it. Every share stands beside the precision and recall of its frame, or "not validated".
    robustness
        Whether the clearest difference of each corpus is measured in every way that ``robustness`` knows: as
        received too, and without each entry and list of the lexicon. That takes minutes, the first time.
        Otherwise the unit and the copies are varied, and the report says what was not.
    seed
        Where resampling and topics start. The same input and seed give the same bytes.
    format
        "html", "docx", "pdf" or "md"; by default what the path ends in. The last three have no desk, and need
        pandoc (docx, md) or a browser that prints (pdf) installed.

    Raises
    ------
    ValueError
        No corpus was given, a corpus has no article, the coded passages do not fit the lexicon, or what writes
        the format is not installed.
    FileNotFoundError
        The folder to write into is not there.
    """
    corpora = {"Articles": articles} if isinstance(articles, pd.DataFrame) else dict(articles)
    target = Path(path)
    _check(corpora, target)
    kind = chosen_format(target, format)
    check_converter(kind)
    instrument = _instrument(lexicon, about)
    pair = _pair(about or tuple(instrument.about) or PAIR)
    trusted = measured(instrument, coded)  # first: codes that do not fit are told before the work begins
    with _progress(len(corpora) * (len(STEPS) + 1)) as step:
        found = [
            find(table, instrument, name=name, about=pair, seed=seed, robustness=robustness, step=step)
            for name, table in corpora.items()
        ]
        page = _page(found, instrument, trusted, title, seed, step, kind)
    if kind == "html":
        write_whole(target, page)
    else:
        write_converted(page, target, kind)
    return target


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[str], None]]:
    """Names each step as it begins, on a terminal; silent elsewhere."""
    quiet = not sys.stderr.isatty()
    with tqdm(total=steps, disable=quiet, leave=False, bar_format="{l_bar}{bar}| {elapsed}") as bar:

        def step(label: str) -> None:
            bar.set_description(f"{label:10}")
            bar.update()

        yield step


def _check(corpora: Mapping[str, pd.DataFrame], target: Path) -> None:
    if not target.parent.is_dir():
        raise FileNotFoundError(f"{target}: there is no folder {target.parent}. Make it, or write elsewhere.")
    if not corpora:
        raise ValueError("report: no corpus was given. Pass a table of articles, or names with tables.")
    for name, articles in corpora.items():
        if articles.empty:
            raise ValueError(f"report: the corpus {name!r} has no article. Leave it out or read it again.")


def _pair(about: Sequence[str]) -> tuple[str, str]:
    if len(about) != 2 or isinstance(about, str):
        raise ValueError(f"about takes two countries, not {about!r}. Write about=('Russia', 'China').")
    return about[0], about[1]


def _instrument(lexicon: Lexicon | str | Path, about: tuple[str, str] | None) -> Lexicon:
    """The lexicon, turned to the pair asked for: one written for another pair is tried on this one.

    Names of its own for these two countries it keeps.
    """
    if isinstance(lexicon, (str, Path)):
        lexicon = read_lexicon(lexicon) if Path(lexicon).suffix else load_lexicon(str(lexicon))
    if not about or not lexicon.about or set(about) == set(lexicon.about):
        return lexicon
    return replace(lexicon, about=about)


def _page(
    found: list[Findings],
    lexicon: Lexicon,
    instrument: Measured,
    title: str | None,
    seed: int,
    step: Callable[[str], None],
    kind: str,
) -> str:
    frames, about, chapters = list(found[0].frames), found[0].about, []
    live = kind == "html"  # paper runs no script, and word processors draw no SVG
    for findings in found:
        step("figures")
        book = embedded_book(findings, lexicon=lexicon, seed=seed) if live else None
        made = chapter(findings, instrument.validation, vector=kind in ("html", "pdf"))
        chapters.append(made | {"book": book})
    return _template().render(
        title=title or f"{about[0]} and {about[1]}, outlet by outlet",
        about=about,
        sections=[section for section in SECTIONS.items() if live or section[0] != "desk"],
        script=page_script() if live else None,
        tables=Markup(json_for_html(_tables(found))) if live else None,
        frames=frames,
        colours=colours(frames),
        chapters=chapters,
        works=sorted({work for made in chapters for work in made["works"]}),
        lexicon=lexicon,
        validation=validation_table(instrument),
        measured_on=instrument.told,
        instrument=instrument_line(instrument.validation, frames),
        entries=entries_table(lexicon, found),
        blank=BLANK,
        margin=f"{MARGIN * 100:.0f}",
        made=manifest(found, lexicon, seed=seed, coded=instrument.coded),
        asked=asked(found, lexicon, instrument.validation, measured_on=instrument.told),
    )


def _tables(found: list[Findings]) -> dict[str, str]:
    """The tables of each chapter in full, under the names that they have in the page."""
    return {f"c{at}-{name}": text for at, part in enumerate(found, 1) for name, text in tables(part).items()}


def _template() -> jinja2.Template:
    source = Path(__file__).with_name("report.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined, finalize=harmless
    )
    return environment.from_string(source)
