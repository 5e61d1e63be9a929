"""The report: one HTML file that needs no network, with every number computed before it is written."""

import base64
import hashlib
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import jinja2
import pandas as pd
from markupsafe import Markup

from analysis.arrays import return_memory
from analysis.compare.inference import Inference
from analysis.corpus.countries import About
from analysis.corpus.files import check_place
from analysis.corpus.stories import UNKNOWN
from analysis.corpus.tables import is_usable
from analysis.frames.coding.certificate import Certificate
from analysis.frames.lexicon import Lexicon
from analysis.numbers import counted
from analysis.shell import progress
from analysis.study.parts import STEPS as RUN
from analysis.study.study import Study, temporary
from analysis.topics.fit import FEW_DOCUMENTS

from ..characters import safe_text
from ..desk.book import book, packed, script, style
from ..desk.evidence import gathered, with_article
from ..look import colours
from . import chapter as show
from . import instrument as instruments
from . import prose
from .answer import answer
from .findings import STEPS, TOPICS, Findings, NothingToReport, find, no_passage
from .formats import check_converter, format_of, tables, write_page
from .instrument import Instrument, instrument, manifest, measured_here, refuse_strange_models
from .methods import BLANK, CHOSEN, HERE, TAKEN, answered
from .pictures import timed
from .scrutiny import MARGIN, Settings

QUESTION = "How does each outlet frame the relationship between {} and {}, and how sure can we be?"
NO_PAIR = "How often does each outlet use each frame, and how sure can we be?"
CHAPTER = len(RUN) + len(STEPS) + 1  # steps, as a progress bar counts them; the last draws the figures
NAMED = 8  # outlets with their number of passages in the last lines; more are counted
CHECK = (
    "There is nothing to report. Check that the lexicon is for this pair (lexicon=), the names of the pair "
    "(about=), the language of the articles and the column of the text (columns=)."
)
PAGE = jinja2.Environment(
    loader=HERE, autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined, finalize=safe_text
)
Step = Callable[[str], object]


def report(
    articles: pd.DataFrame | Study | Mapping[str, pd.DataFrame | Study],
    path: str | Path,
    *,
    lexicon: Lexicon | str | Path = "russia-china",
    about: About | None = None,
    coded: pd.DataFrame | Certificate | None = None,
    robustness: bool = False,
    how: Inference | None = None,
) -> Path:
    """The path of one offline file: every step run on each corpus, with figures and evidence.

    The ending of the path is the format: ``.html`` has a reading desk, and tables and figures to download.
    ``.docx`` and ``.md`` need pandoc, ``.pdf`` a browser that prints.

    Parameters
    ----------
    articles
        The table of ``read_articles``, what ``open_study`` opens, or a mapping of names to these: a chapter each.
    path
        Where to write; an existing file is replaced once the new one is complete.
    lexicon
        A lexicon, its path, or the name of a shipped one.
    about
        The two countries; by default those that the lexicon names. ``()`` counts in every passage.
    coded
        Coded passages on which to measure the lexicon, or what ``validate`` returned. Where they were drawn from
        these articles, shares are also shown without the measured error. By default what the lexicon brings.
    robustness
        Whether the clearest difference of each corpus is measured in every way that ``robustness`` knows, which
        takes minutes; otherwise the unit and the copies are varied.
    how
        The settings of estimates and tests. The same input and settings give the same bytes.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ValueError
        There is nothing to report, the lexicon does not name a pair, the coded passages do not fit it, or what
        writes the format is not installed.
    FileNotFoundError
        The folder to write into, or the file of the lexicon, does not exist.

    Examples
    --------
    >>> import tempfile, analysis as an
    >>> report(an.load_example("seeds"), Path(tempfile.mkdtemp(), "report.html")).name
    'report.html'
    """
    corpora = {"Articles": articles} if isinstance(articles, pd.DataFrame | Study) else dict(articles)
    check_target(Path(path))
    used = instrument(lexicon, about, coded)  # first: codes that do not fit are refused before the work begins
    if used.note:
        warnings.warn(f"report: {used.note} It is used here on {' and '.join(used.lexicon.about)}.", stacklevel=2)
    if not corpora:
        raise ValueError("report: no corpus was given. Pass a table of articles, or names with tables.")
    for name, table in corpora.items():
        if isinstance(table, pd.DataFrame) and table.empty:
            raise NothingToReport(f"report: the corpus {name!r} has no article. Leave it out or read it again.")
    with progress(len(corpora) * CHAPTER, lines=False) as step, temporary() as run:
        chapters = {name: (run(one, used.lexicon, _named(step, name)), used) for name, one in corpora.items()}
        write_report(chapters, Path(path), Settings(how or Inference(), robustness=robustness), step=step)
    return Path(path)


def check_target(target: Path, title: str | None = None) -> None:
    """Refuses what cannot be written, before the work begins: the folder, the format, the title."""
    check_place(target)
    check_converter(format_of(target))
    try:
        (title or "").encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"title: it cannot be written as UTF-8. Found: {(title or '')[error.start]!r}. Replace this character."
        ) from None


def write_report(
    chapters: Mapping[str, tuple[Study, Instrument]], target: Path, settings: Settings, *,
    title: str | None = None, selection: str = "", step: Step = lambda _: None,
) -> tuple[list[Findings], dict[str, Instrument]]:  # fmt: skip
    """The findings and instrument of each study, once the report is written; in another language it has none."""
    found: list[Findings] = []
    instruments: dict[str, Instrument] = {}
    silent = []
    for name, (study, used) in chapters.items():
        # characters that UTF-8 cannot hold, as in some file names, are escaped
        shown, language = str(name).encode("utf-8", "backslashreplace").decode(), used.lexicon.language
        twin = next((one for one in found if (one.digest, one.lexicon.language) == (study.digest, language)), None)
        try:
            one = find(study, used.lexicon, settings, name=shown, twin=twin, step=_named(step, name))
        except NothingToReport as nothing:
            silent.append(str(nothing))
            continue
        found.append(one)
        instruments[shown] = measured_here(used, one)
    if not found:
        raise NothingToReport(silent[0])
    found[0] = replace(found[0], unread=" ".join(filter(None, [found[0].unread, *silent])))
    if all(one.passages.empty for one in found):
        said = [f"{one.name}: {no_passage(one, one.lexicon)} {one.unread}".strip() for one in found]
        raise NothingToReport(f"{' '.join(said)} {CHECK}")
    kind = format_of(target)
    refuse_strange_models(instruments.values())
    write_page(_page(found, instruments, title, selection, step, kind), target, kind)
    return found, instruments


def _named(step: Step, name: str) -> Step:
    """The same step, with the name of its corpus before the label; what the one before freed is given back."""

    def begin(label: str) -> object:
        return_memory()
        return step(f"{name}: {label}")

    return begin


def last_lines(found: list[Findings], instruments: Mapping[str, Instrument]) -> list[str]:
    """The pair with lexicon and language; and of each corpus the passages of its outlets, and the answer."""
    lines, many = [], len(found) > 1
    spoken = ", ".join(dict.fromkeys(name for one in found for name in prose.languages(one.articles)))
    for one in found:
        used = f"{one.pair or 'Every passage'}; lexicon {one.lexicon.name or 'without a name'}; language {spoken}"
        used = used[0].upper() + used[1:]  # "The United States and Russia"
        lines += [used] * (used not in lines)
        prefix = f"{one.name}: " if many else ""
        lines += [f"{prefix}{one.unread}"] if one.unread else []
        measured = instruments[one.name]
        said = answer(one, measured.corrected, measured.uneven)
        lines += [f"{prefix}{_passages_by_outlet(one)}", f"{prefix}{' '.join(said)}"]
    return lines


def _passages_by_outlet(found: Findings) -> str:
    outlet = found.articles.set_index("doc_id")["outlet"]
    counts = found.passages["doc_id"].map(outlet).value_counts().sort_index()
    counts = counts.sort_values(ascending=False, kind="stable")
    named = [f"{name} {count:,}" for name, count in counts.drop(UNKNOWN, errors="ignore").items()]
    more = f"; {counted(len(named) - NAMED, 'more outlet')}" if len(named) > NAMED else ""
    nameless = f"; outlet not known {counts[UNKNOWN]:,}" if UNKNOWN in counts else ""
    return f"Passages: {', '.join(named[:NAMED]) or 'none'}{more}{nameless}"


def _page(
    found: list[Findings], used: Mapping[str, Instrument], title: str | None, selection: str, step: Step, kind: str
) -> str:
    frames, chapters = list(dict.fromkeys(frame for one in found for frame in one.frames)), []
    live = kind == "html"  # paper runs no script, and word processors draw no SVG
    for findings in found:
        _named(step, findings.name)("figures")
        shown = show.chapter(findings, used[findings.name], kind)
        pair = map(with_article, findings.lexicon.about)
        question = QUESTION.format(*pair) if findings.lexicon.about else NO_PAIR
        chapters.append(shown | {"book": embedded_book(findings) if live else None, "question": question})
    named = {f"c{at}": (one, made) for at, (one, made) in enumerate(zip(found, chapters, strict=True), 1)}
    csv = {f"{c}-{name}": text for c, (one, _) in named.items() for name, text in tables(one).items()}
    narrow = {f"{c}-{name}": one["narrow"] for c, (_, made) in named.items()
              for name, one in made["pictures"].items() if one["narrow"]}  # fmt: skip
    return PAGE.get_template("report.html.j2").render(
        title=title, question=chapters[0]["question"], selection=selection, chapters=chapters, frames=frames,
        pair=" or ".join(dict.fromkeys(one.pair for one in found if one.pair)), colours=colours(frames),
        script=page_script() if live else None, unknown=UNKNOWN,
        tables=Markup(packed(csv)) if live else None,  # noqa: S704 - base64
        narrow=Markup(packed(narrow)) if live else None,  # noqa: S704 - base64
        works=sorted({work for made in chapters for work in made["works"]}), asked=asked(found, used),
        made=manifest(found, list({id(one): one for one in used.values()}.values()), found[0].how),
        show=show, prose=prose, answer=answer, instrument=instruments, timed=timed, blank=BLANK,
        margin=f"{MARGIN * 100:.0f}",
    )  # fmt: skip


def asked(found: list[Findings], used: Mapping[str, Instrument]) -> pd.DataFrame:
    """The reviewer's checklist over all chapters; answers that differ come under the names of their chapters."""
    answers = {
        one.name: answered(one.results, used[one.name].here, _chosen(one), int((~is_usable(one.received)).sum()))
        for one in found
    }
    first = next(iter(answers.values()))
    joined = []
    for own in zip(*(table["answer"] for table in answers.values()), strict=True):
        each = "\n".join(map(": ".join, zip(answers, own, strict=True)))
        joined.append(each if len({*own}) > 1 else own[0])
    return first.assign(answer=joined)


def _chosen(found: Findings) -> dict[str, str]:
    left_out = "; ".join(f"{reason} {n:,}" for reason, n in found.left_out.items())
    known = {TAKEN: f"Left out as not asked for: {left_out}."} if left_out else {}
    if found.topics is None:
        return known
    k = len(found.topics.words)
    rule = f"one topic for every {FEW_DOCUMENTS} {found.topic_unit}s, but at least 2 and at most {TOPICS}"
    return known | {CHOSEN: f"{k} topics, by a rule: {rule}. Other numbers were not tried: {BLANK}"}


@cache
def page_script() -> dict[str, str]:
    """The report's only script, its sha256 for the page's security policy, and the style it needs."""
    source = script("search.js", "book.js", "downloads.js")
    if "</script" in source or "<!--" in source:
        raise AssertionError("the report's script holds a sign that would end its element")
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    shipped = {"source": Markup(source), "style": Markup(style())}  # noqa: S704 - files that ship
    return {**shipped, "digest": f"sha256-{digest}"}


def embedded_book(found: Findings) -> Markup:
    """All that the desk of one corpus can be asked, packed; its search knows the lists of the lexicon."""
    evidence = gathered(found.articles, found.hits, passages=found.passages, topics=found.topics)
    evidence = replace(evidence, about=tuple(found.lexicon.about))
    held = book(evidence, lists=found.lexicon.named_lists, seed=found.how.seed)
    return Markup(packed(held | {"key": f"{found.digest} {found.lexicon.name}"}))  # noqa: S704 - base64
