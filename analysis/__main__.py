"""The command line: ``framing report``, ``framing summarize`` and ``framing lexicon``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import click

from analysis.frames.convert import convert

DEFAULT = Path("report.html")
EXAMPLES = """\b
Examples
  framing report articles.csv -o report.html
  framing report tass.csv dw.jsonl -o both.html --about Russia China
  framing report articles.csv -o report.docx
  framing report articles.csv --lexicon mine.yaml --coded coded.csv
  framing report export.csv --column outlet=source --column text=body
  framing report --shipped
  framing summarize articles.csv
  framing lexicon check mine.yaml --on articles.csv
"""


def plain_errors(command: Callable[..., None]) -> Callable[..., None]:
    """The command, with our own complaints on one line instead of a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except (ValueError, OSError) as complaint:
            click.echo(f"framing: {' '.join(str(complaint).split())}", err=True)
            sys.exit(2)

    return run


@click.group(epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    callback=lambda context, _, asked: _show_version(context, asked),
    expose_value=False,
    help="Show the version and exit.",
)
def main() -> None:
    """How each outlet frames the relationship between two countries, and how sure we can be.

    Reads csv, tsv, jsonl, parquet, a folder of txt, or an archive's export. A table needs a text for each
    article; outlet, date and title make the comparison possible.
    """


def _show_version(context: click.Context, asked: bool) -> None:
    if asked:
        try:
            click.echo(f"framing {version('outlet-framing')}")
        except PackageNotFoundError:
            click.echo("framing, run from its folder and not installed")
        context.exit()


COLUMN = click.option(
    "--column", "columns", multiple=True, metavar="OURS=THEIRS",
    help="What a column is called in the file, as in --column outlet=source. Repeat for more.",
)  # fmt: skip

ENCODING = click.option("--encoding", help="Of text files, as in --encoding cp1252; found out unless given.")


@main.command(epilog=EXAMPLES)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    default=DEFAULT,
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the report; an existing file is replaced.",
)
@click.option(
    "--about", nargs=2, metavar="COUNTRY COUNTRY", help="The two countries; by default those of the lexicon."
)
@click.option(
    "--lexicon",
    default="russia-china",
    show_default=True,
    metavar="NAME|FILE",
    help="A shipped lexicon, or a lexicon file of your own.",
)
@click.option(
    "--coded",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Coded passages to measure the lexicon on: a column 'text', and one of 0 and 1 for each frame.",
)
@click.option(
    "--robustness",
    is_flag=True,
    help="Try the clearest difference in every defensible way; takes minutes the first time.",
)
@click.option(
    "--format",
    type=click.Choice(["html", "docx", "pdf", "md"]),
    help="By default what OUTPUT ends in; docx and md need pandoc, pdf a browser that prints.",
)
@click.option("--title", help="The heading of the report.")
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(min=0),
    help="Where resampling starts: same seed, same report.",
)
@click.option("--shipped", is_flag=True, help="Report on the two corpora that come with the project.")
@COLUMN
@ENCODING
@plain_errors
def report(
    files: tuple[Path, ...],
    columns: tuple[str, ...],
    encoding: str | None,
    output: Path,
    shipped: bool,
    coded: Path | None,
    **settings: Any,
) -> None:
    """Write one offline HTML file on FILES, a chapter a file: what each outlet says, with intervals.

    The path of the file is printed at the end.
    """
    if shipped == bool(files):
        raise ValueError("name the files to report on, or --shipped for the shipped corpora; not both.")
    import matplotlib as mpl

    mpl.use("agg")  # a command opens no window
    from analysis.show.report.page import report as write

    if settings["format"] and output == DEFAULT:
        output = DEFAULT.with_suffix("." + settings["format"])
    settings["coded"] = None if coded is None else _coded(coded, settings["lexicon"])
    corpora = _shipped() if shipped else _read(files, _mapping(columns), encoding)
    click.echo(write(corpora, output, **settings))


@main.command(epilog=EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path))
@COLUMN
@ENCODING
@plain_errors
def summarize(file: Path, columns: tuple[str, ...], encoding: str | None) -> None:
    """Print what FILE holds, outlet by outlet: articles, their median of words, dates."""
    from analysis.corpus.summary import summarize as summary

    articles = _articles(file, _mapping(columns), encoding)
    click.echo(summary(articles).to_string(index=False, float_format="{:.0f}".format))


@main.group()
def lexicon() -> None:
    """Show or check a lexicon: one that ships, or a YAML file."""


FILE = click.argument("lexicon", metavar="NAME|FILE")


@lexicon.command(epilog=EXAMPLES)
@FILE
@click.option(
    "--on", type=click.Path(path_type=Path), metavar="PATH", help="Articles in which to look for each entry."
)
@COLUMN
@ENCODING
@plain_errors
def check(lexicon: str, on: Path | None, columns: tuple[str, ...], encoding: str | None) -> None:
    """Print what can never count: patterns that cannot match, that others go before, lists never used.

    With --on, also the patterns and entries that find nothing in these articles, sentence by sentence. Exit code
    1 if there is anything to tell.
    """
    from analysis.corpus.passages import passages
    from analysis.frames.grammar.check import check_lexicon

    found = _lexicon(lexicon)
    articles = None if on is None else _articles(on, _mapping(columns), encoding)
    problems = check_lexicon(found, None if articles is None else passages(articles, about=found.about or None))
    for problem in problems.itertuples(index=False):
        click.echo(_line(problem))
    click.echo(f"{found.name}: entries {len(found.entries)}, problems {len(problems)}.")
    sys.exit(1 if len(problems) else 0)


@lexicon.command(epilog=EXAMPLES)
@FILE
@plain_errors
def show(lexicon: str) -> None:
    """Print what a lexicon counts, and its entries frame by frame."""
    found = _lexicon(lexicon)
    click.echo(str(found))
    for frame in found.labelled:
        click.echo(f"\n{frame.name}: {frame.meaning}" if frame.meaning else f"\n{frame.name}")
        for entry in (entry for entry in found.entries if entry.frame == frame.name):
            click.echo(f"  {entry.name}: {' · '.join(entry.match)}")


lexicon.add_command(convert)


def _coded(file: Path, lexicon: str) -> Any:
    """The coded passages of a file, checked against the frames of the lexicon."""
    from analysis.show.report.instrument import read_coded

    return read_coded(file, _lexicon(lexicon).labels)


def _line(problem: Any) -> str:
    """A problem as a line: where, which pattern, what, and what goes before it."""
    where = [part for part in (problem.frame, problem.entry, problem.pattern) if part]
    by = f" by {problem.by}" if problem.by else ""
    return f"{' / '.join(dict.fromkeys(where))}: {problem.problem}{by}"


def _lexicon(name: str) -> Any:
    """A lexicon that ships, or that of a file."""
    from analysis.frames.formats import load_lexicon, read_lexicon

    return read_lexicon(name) if Path(name).suffix else load_lexicon(name)


def _mapping(columns: tuple[str, ...]) -> dict[str, str] | None:
    pairs = [column.partition("=") for column in columns]
    if wrong := [ours for ours, sign, theirs in pairs if not (ours and sign and theirs)]:
        raise ValueError(f"--column {wrong[0]!r} is not OURS=THEIRS, as in --column outlet=source.")
    return {ours: theirs for ours, _, theirs in pairs} or None


def _read(files: tuple[Path, ...], columns: dict[str, str] | None, encoding: str | None) -> dict[str, Any]:
    if twice := [str(file) for file in files if files.count(file) > 1]:
        raise ValueError(f"{twice[0]} is named twice. Each file is a chapter; name it once.")
    stems = [file.stem for file in files]
    names = [file.stem if stems.count(file.stem) == 1 else str(file) for file in files]
    return {name: _articles(file, columns, encoding) for name, file in zip(names, files, strict=True)}


def _articles(file: Path, columns: dict[str, str] | None, encoding: str | None) -> Any:
    """The articles of a file; what was guessed or could not be read in it is told."""
    from analysis.corpus.read import read_articles
    from analysis.corpus.readers.decoding import GUESSED

    articles = read_articles(file, columns=columns, encoding=encoding)
    guessed = sorted(set(articles["encoding"].str.partition(",")[0]) & set(GUESSED))
    if encoding is None and guessed:
        click.echo(f"{file}: read as {', '.join(guessed)}; if letters look wrong, give --encoding.", err=True)
    if unreadable := int((articles["date"].isna() & (articles["date_given"].str.strip() != "")).sum()):
        click.echo(f"{file}: dates that could not be read: {unreadable}.", err=True)
    return articles


def _shipped() -> dict[str, Any]:
    from analysis.corpus.examples import load_example

    return {"News Articles": load_example("news"), "The five seed articles": load_example("seeds")}


if __name__ == "__main__":
    main()
