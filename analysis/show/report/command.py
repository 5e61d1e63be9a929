"""The command ``framing report``, and what other commands share with it: the lexicon, the articles asked for."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
import pandas as pd
from click import option

import analysis as an
from analysis.corpus.countries import country
from analysis.corpus.countries import names as country_names
from analysis.corpus.outlets import known_outlet
from analysis.corpus.readers.decoding import GUESSED
from analysis.corpus.readers.source import Source
from analysis.corpus.summary import MENDED, columns_said, date_notes, one_names
from analysis.corpus.tables import check_columns, did_you_mean, is_usable, nearest
from analysis.shell import FILE, PATH, READING, command, in_shell_words, mapping, progress, say, taking

DEFAULT = Path("report.html")
DEFAULT_LEXICON = "russia-china"
SECOND = "News Articles on the United States and Russia"
READ = ["date", "date_given", "source", "item", "encoding", "read_as"]
NAMED = 8  # outlets in a complaint
UNDATED = "without a known date"


# fmt: off
LEXICON = (
    option("--about", nargs=2, metavar="COUNTRY COUNTRY", help="The two countries; by default the lexicon's."),
    option("--no-pair", is_flag=True, help="Count every passage, whatever its countries."),
    option("--lexicon", default=DEFAULT_LEXICON, show_default=True, metavar="NAME|FILE",
           help="A lexicon that comes with the package, or the file of your own."),
)
# What decides the tables of a study, for `framing report` and `framing deposit`.
STUDY = (
    *LEXICON,
    option("--coded", "--certificate", type=FILE, metavar="FILE",
           help="Coded passages on which to measure the lexicon: a column 'text', and one of 0 and 1 for each "
           "frame; or what `framing certify` wrote. By default what lies beside FILES."),
    option("--from", "first", metavar="DATE", help="Leave out articles before this day, month or year."),
    option("--to", "last", metavar="DATE", help="Leave out articles after this day, month or year."),
    option("--outlet", "outlets", multiple=True, metavar="NAME", help="Keep only this outlet. Repeat for more."),
    option("--control", multiple=True, metavar="COLUMN",
           help="Compare outlets also within the values of this column, as section. Repeat for more."),
    option("--by", default="outlet", show_default=True, metavar="COLUMN", help="Compare by another column."),
    option("--robustness", is_flag=True,
           help="Measure the clearest difference in every defensible way; takes minutes the first time."),
    option("--seed", default=0, show_default=True, type=click.IntRange(min=0),
           help="Where resampling starts: the same seed gives the same numbers."),
    *READING,
)
# fmt: on


@command("report")
@click.argument("files", nargs=-1, type=PATH)
@option("-o", "--output", type=FILE,
        help="The file to write, report.html by default; it may end in .html, .docx, .pdf or .md.")  # fmt: skip
@taking(*STUDY)
@option("--format", "kind", type=click.Choice(["html", "docx", "pdf", "md"]),
        help="Instead of an ending of OUTPUT; docx and md need pandoc, pdf a browser.")  # fmt: skip
@option("--models", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="FILE",
        help="Codes of models (an.code, kept by an.write_table): shares by them are printed too, and corrected "
        "if people coded passages drawn at random.")  # fmt: skip
@option("--title", help="The heading of the report.")
@option("--shipped", is_flag=True, help="Report on the two studies that come with the project.")
def report(files: tuple[Path, ...], output: Path | None, kind: str | None, shipped: bool, **given: Any) -> None:
    """Write a report on FILES, a chapter a file: how each outlet frames the pair, with intervals.

    A file may also be the folder of a study that ``framing run`` wrote.

    Prints the pair with the lexicon, the passages of each outlet, the answer, and the path of the report.
    """
    if shipped == bool(files):
        raise ValueError("name the files to report on, or --shipped for the corpora of the project, not both.")
    import matplotlib as mpl

    mpl.use("agg")  # a command opens no window
    from .formats import format_of
    from .instrument import instrument
    from .page import CHAPTER, check_target, last_lines, write_report

    target = output or DEFAULT.with_suffix(f".{kind or 'html'}")
    format_of(target, kind)  # refuses one that contradicts the ending
    check_target(target, given["title"])
    if repeated := [str(file) for file in files if files.count(file) > 1]:
        raise ValueError(f"{repeated[0]} is named twice. Each file is a chapter; name it once.")
    with progress(1 + (len(files) or 3) * CHAPTER) as step:
        used = instrument_of(files, given, step)
        own = is_given("lexicon") or given["about"] or given["no_pair"] or given["coded"]
        second = shipped and not own
        corpora = _shipped(second) if shipped else _named(files, given)
        instruments = dict.fromkeys(corpora, used) | ({SECOND: instrument("us-russia")} if second else {})
        lexicons = {name: one.lexicon for name, one in instruments.items()}
        with studied(corpora, lexicons, given, step) as (studies, selection):
            found, measured = write_report(
                {name: (study, instruments[name]) for name, study in studies.items()}, target, settings(given),
                title=given["title"], selection=selection, step=step,
            )  # fmt: skip
    for line in last_lines(found, measured):
        say(line)
    say(target)


def instrument_of(
    files: tuple[Path, ...], given: dict[str, Any], step: Callable[[str], object] = lambda _: None
) -> Any:
    """The lexicon with what measured it, and the codes of models; that it is for another pair goes to stderr."""
    from analysis.study.study import made_from

    from .instrument import instrument, read_coded

    lexicon, pair = lexicon_and_pair(given)
    if coded := given["coded"]:
        is_certificate = coded.suffix.lower() == ".json" and coded.is_file()
        coded = an.read_certificates(coded)[0] if is_certificate else read_coded(coded, lexicon.labels)
    step("reading the lexicon")
    places = dict.fromkeys(place for file in files for place in (file, made_from(file)))
    used = instrument(lexicon, pair, coded, [one for place in places for one in an.read_certificates(place)])
    if given.get("models"):
        codes = an.read_table(given["models"])
        check_columns(codes, ["passage_id", "coder", "label", "code"], where=str(given["models"]))
        used = replace(used, models=codes)
    if used.note:
        where = " and ".join(used.lexicon.about) or "every passage"
        say(f"framing: {used.note} Here it is used on {where}. --lexicon names another.", err=True)
    return used


def is_given(option: str) -> bool:
    """Whether the command in hand was called with this option."""
    return click.get_current_context().get_parameter_source(option) is not click.core.ParameterSource.DEFAULT


def lexicon_and_pair(given: dict[str, Any]) -> tuple[Any, tuple[str, ...] | None]:
    """The lexicon, and the pair that was asked for; a lexicon for another pair is used only where it was named."""
    from .instrument import lexicon_of

    if given["no_pair"] and given["about"]:
        raise ValueError("--about and --no-pair contradict each other. Give one of them.")
    lexicon = lexicon_of(given["lexicon"])
    named = tuple(name if name in lexicon.about else country(name) for name in given["about"] or ())
    if named:
        country_names(named)  # refuses what is not two known countries
    pair = named if named or given["no_pair"] else None
    if pair is not None and not is_given("lexicon") and set(pair) != set(lexicon.about):
        raise ValueError(
            f"--lexicon: the default, {DEFAULT_LEXICON}, was written for {' and '.join(lexicon.about)}. Name a "
            f"lexicon for your pair, or --lexicon {DEFAULT_LEXICON} to use this one all the same."
        )
    return lexicon, pair


def settings(given: dict[str, Any]) -> Any:
    """The settings on which the tables of a study depend."""
    from .scrutiny import Settings

    selection = {name: given[name] for name in ("first", "last", "outlets", "columns", "encoding")}
    how = an.Inference(by=given["by"], seed=given["seed"])
    return Settings(how, given["control"], given["robustness"], selection)


def _named(files: tuple[Path, ...], given: dict[str, Any]) -> dict[str, Any]:
    """What is at each path, by the stem of its name, or by all of it where two are the same."""
    stems = [file.stem for file in files]
    return {file.stem if stems.count(file.stem) == 1 else str(file): source_of(file, given) for file in files}


def source_of(file: Path, given: dict[str, Any]) -> Any:
    """What is at a path: a study that is finished, or articles to read."""
    if (file / "study.json").is_file():
        return an.open_study(file)
    return Source(file.expanduser(), str(file), given["encoding"], mapping(given["columns"]) or {})


@contextmanager
def studied(
    corpora: dict[str, Any], lexicons: dict[str, Any], given: dict[str, Any],
    step: Callable[[str], object] = lambda _: None,
) -> Iterator[tuple[dict[str, Any], str]]:  # fmt: skip
    """Corpora as studies of the articles that were asked for; and what was asked for. Hints go to stderr."""
    from analysis.study.parts import in_processes
    from analysis.study.study import temporary

    with temporary(in_processes) as run:
        studies = {}
        for name, source in corpora.items():
            with _hints():
                one = run(source, lexicons[name], lambda label, name=name: step(f"{name}: {label}"))
            if isinstance(source, Source):
                said_of_study(one, source)
            studies[name] = one
        chosen, selection = selected(studies, given)
        if selection:
            say(f"framing: selected: {selection}.", err=True)
        yield chosen, selection


@contextmanager
def _hints() -> Iterator[None]:
    """Says on standard error what reading warns of, once it is done."""
    with warnings.catch_warnings(record=True) as hints:
        warnings.simplefilter("always", UserWarning)
        yield
    for hint in hints:
        say(in_shell_words(str(hint.message)), err=True)


def read(file: Path, columns: dict[str, str] | None, encoding: str | None, *, columns_too: bool = True) -> Any:
    """The articles of a file; what was guessed or could not be read in it goes to standard error."""
    with _hints():
        articles = an.read_articles(file, columns=columns, encoding=encoding)
    said_of_reading(str(file), encoding, [articles], columns_too=columns_too)
    return articles


def said_of_reading(file: str, encoding: str | None, tables: list[Any], *, columns_too: bool = True) -> None:
    """Says on standard error what was guessed in a file or could not be read: columns, encodings, dates."""
    rows = pd.concat([table.reindex(columns=READ) for table in tables], ignore_index=True)
    for guess in sorted({*rows["read_as"].dropna()} - {""}) if columns_too else ():
        used, unused = columns_said(guess)
        said = [f"columns read as {used}"] * bool(used) + [unused] * bool(unused)
        say(f"framing: {file}: {'; '.join(said)}.", err=True)
    known = rows[rows["encoding"].fillna("") != ""]
    files = known["encoding"].str.removesuffix(MENDED).groupby(known["source"]).first()
    guesses = set() if encoding else {name for names in files for name in names.split(", ")} & set(GUESSED)
    for guess in sorted(guesses):
        sure = int((files == guess).sum())
        number = f" in {sure} of {len(files)} files" if 0 < sure < len(files) else "" if sure else " in some texts"
        say(f"{file}: read as {guess}{number}; if letters look wrong, give --encoding.", err=True)
    for note in date_notes(rows):
        say(f"{file}: {in_shell_words(note)}", err=True)


def said_of_study(study: Any, source: Source) -> None:
    """Says on standard error what was guessed, lost or put together where a study read its articles."""
    said_of_reading(source.name, source.encoding, [study.articles, study.set_aside])
    if n := int((~is_usable(study.set_aside)).sum()):
        say(f"{source.name}: items that could not be read: {n}; framing summarize gives the reasons.", err=True)
    for names in one_names(study.articles):
        say(f"framing: {source.name}: outlets under one name: {names}.", err=True)


def _shipped(second: bool) -> dict[str, Any]:
    """The corpora of the project; the news also for its second study, of another pair with its own lexicon."""
    news = an.load_example("news")
    first = {"News Articles": news, "The five seed articles": an.load_example("seeds")}
    return first | ({SECOND: news} if second else {})


def selected(studies: dict[str, Any], given: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The studies of the outlets and days that were asked for, and a note of what was asked for."""
    from .findings import NothingToReport

    first, last, outlets = given["first"], given["last"], given["outlets"]
    asked = {"from": first, "to": last, "outlet": " and ".join(outlets)}
    parts = [f"{name} {value}" for name, value in asked.items() if value]
    if not parts:
        return studies, ""
    kept = {}
    for name, one in studies.items():
        named = [outlet_of(outlet, one.articles["outlet"]) for outlet in outlets]
        why = partial(_why_left_out, first=first, last=last, outlets=named)
        reasons = pd.concat([why(one.articles), why(one.set_aside)])
        some = one.only(lambda table, why=why: why(table) == "")
        kept[name] = replace(some, left_out=reasons[reasons != ""].value_counts(sort=False).to_dict())
        if not _articles(kept[name]):
            raise NothingToReport(f"{name}: no article is left. Asked for: {', '.join(parts)}{_undated(kept)}.")
    before, after = (sum(map(_articles, table.values())) for table in (studies, kept))
    return kept, f"{', '.join(parts)} ({after:,} of {before:,} articles{_undated(kept)})"


def _articles(study: Any) -> int:
    return len(study.articles) + int(is_usable(study.set_aside).sum())


def _undated(studies: dict[str, Any]) -> str:
    """How many articles were left out because nobody knows whether they are of the days asked for."""
    n = sum(study.left_out.get(UNDATED, 0) for study in studies.values())
    return f"; left out because their date is not known: {n:,}" if n else ""


def _why_left_out(articles: Any, *, first: str | None, last: str | None, outlets: list[str]) -> Any:
    """Why each article is left out, "" for those asked for; items that could not be read stay as such."""
    why = pd.Series("", articles.index, dtype="str")
    if first:
        why[articles["date"] < _day("--from", first).start_time] = "before the days asked for"
    if last:
        why[articles["date"] > _day("--to", last).end_time] = "after the days asked for"
    if first or last:
        why[articles["date"].isna()] = UNDATED
    why[~articles["outlet"].isin(outlets or articles["outlet"])] = "of other outlets"
    return why.where(is_usable(articles), "")


def outlet_of(name: str, outlets: Any) -> str:
    """The outlet of this name among those of the articles."""
    there = sorted(set(map(str, outlets)) - {""})
    for one in (name, known_outlet(name).name):
        if one in there:
            return str(one)
    near = nearest(name, there)
    found = f"Found: {', '.join(there[:NAMED])}{', …' * (len(there) > NAMED)}."
    raise ValueError(f"--outlet: no article is from {name!r}. {did_you_mean(near, found)}")


def _day(option: str, text: str) -> Any:
    try:
        return pd.Period(text)
    except ValueError:
        raise ValueError(f"{option}: {text!r} is not a date. Write 2017, 2017-03 or 2017-03-28.") from None
