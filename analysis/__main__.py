"""The command line: ``framing report``, ``framing certify``, ``framing summarize`` and ``framing lexicon``."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.corpus.readers.columns import check_targets
from analysis.corpus.stories import outlet_names
from analysis.corpus.summary import COUNTED, columns_said, one_names, reasons
from analysis.shell import FILE, PATH, READING, command, examples, in_shell_words, mapping, say, taking
from analysis.show.report.certify import certify
from analysis.show.report.command import STUDY, instrument_of, read, report, settings, source_of, studied
from analysis.show.report.plan import plan, run

if TYPE_CHECKING:
    import pandas as pd

    from analysis.frames.lexicon import Lexicon

NOTHING_READ = 1  # an exit code: there was a file, and not one article with a text in it, or a check failed
SHOWN = 12  # sources on one screen; a folder of texts has a source for each


@click.group(epilog=examples(), context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, callback=lambda context, _, asked: _show_version(context, asked),
    expose_value=False, help="Show the version and exit.",
)  # fmt: skip
def main() -> None:
    """How each outlet frames the relationship between two countries, and how sure we can be.

    Reads csv, tsv, jsonl, parquet, Excel, a folder of txt, or an archive's export. A table needs a text for each
    article; outlet, date and title make the comparison possible.
    """


def _show_version(context: click.Context, asked: bool) -> None:
    from analysis.corpus.provenance import own_version

    if asked:
        say(f"framing {own_version()}")
        context.exit()


@command("summarize", main)
@click.argument("file", type=PATH)
@taking(*READING)
def summarize(file: Path, columns: tuple[str, ...], encoding: str | None) -> None:
    """Print what was read from FILE and what was not, source by source, and what each outlet has.

    Exit code 1 if no article with a text could be read.
    """
    from analysis.corpus.summary import summarize as summary

    asked = mapping(columns)
    check_targets(asked or ())
    try:
        articles = read(file, asked, encoding, columns_too=False)
    except ValueError as complaint:
        say(f"framing: {in_shell_words(str(complaint))}", err=True)
        sys.exit(NOTHING_READ)
    lines = _sources(summary(articles, by="source"), articles)
    lines += [f"  one name: {names}" for names in one_names(articles)]
    usable = articles[articles["problem"] == ""]
    table = summary(usable).drop(columns="problems").rename(columns={"words": "median_words"})
    days = {name: table[name].dt.strftime("%Y-%m-%d").fillna("") for name in ("first_date", "last_date")}
    shown = str(table.assign(**days).to_string(index=False, float_format="{:.0f}".format, na_rep=""))
    say("\n".join([*lines, "", shown]))
    sys.exit(0 if (usable["text"].str.strip() != "").any() else NOTHING_READ)


def _sources(table: Any, articles: Any) -> list[str]:
    """The reading, source by source; of many sources those with problems, after the sum of all."""
    few = table if len(table) <= SHOWN else table[table["problems"] > 0].head(SHOWN)
    names = outlet_names(articles["source"])
    lines = [] if len(table) <= SHOWN else [_counts(f"{len(table)} sources", table.sum(numeric_only=True))]
    for source in few.to_dict("records"):
        lines.append(_counts(source["source"], source) + (f", {source['encoding']}" if source["encoding"] else ""))
        used, unused = columns_said(source.get("read_as", ""))
        lines += [f"  columns: {used}"] * bool(used) + [f"  {unused}"] * bool(unused)
        lines += [
            f"  problem: {in_shell_words(reason)}" for reason in reasons(articles[names == source["source"]])
        ]
    return lines


def _counts(name: str, counts: Any) -> str:
    shown = {fact: int(counts[fact]) for fact in COUNTED if fact in COUNTED[:3] or counts[fact]}
    facts = {fact: (fact.removesuffix("s") if n == 1 else fact).replace("_", " ") for fact, n in shown.items()}
    return f"{name}: " + ", ".join(f"{n} {facts[fact]}" for fact, n in shown.items())


@command("init", main)
@click.argument("folder", type=PATH)
def init(folder: Path) -> None:
    """Write a first study to FOLDER: articles, a lexicon, a codebook and a notebook that run as they are."""
    from analysis.show.starter import write_starter

    for path in write_starter(folder):
        say(path)
    say(f"Next: cd {shlex.quote(str(folder))}; framing report articles.csv --lexicon lexicon.yaml")


@command("deposit", main)
@click.argument("file", type=PATH)
@click.option("-o", "--output", required=True, type=PATH, help="The folder to write.")
@click.option("--published", metavar="DATE", default="", help="The day of publication, for the RO-Crate.")
@taking(*STUDY)
def deposit(file: Path, output: Path, published: str, **given: Any) -> None:
    """Write what others need to check a study on FILE: places, hashes, tables and figures, and no text.

    Give the options with which the report was made. Certificates that the report uses go with it.
    """
    from analysis.show.deposit import check_deposit, write_deposit

    check_deposit(output.expanduser())
    used = instrument_of((file,), given)
    with studied({file.stem: source_of(file, given)}, {file.stem: used.lexicon}, given) as (studies, _):
        written = write_deposit(
            studies[file.stem], used.lexicon, output, certificates=used.certificates, settings=settings(given),
            published=published,
        )  # fmt: skip
    say(written)


@command("verify", main)
@click.argument("folder", type=PATH)
@click.option("--texts", type=PATH, metavar="FILE", help="The articles, if you have them.")
@taking(*READING)
def verify(folder: Path, texts: Path | None, columns: tuple[str, ...], encoding: str | None) -> None:
    """Compute the tables of a deposit again, and print whether each comes out the same, byte for byte.

    With --texts also whether these are the texts of the study. Exit code 1 if something does not hold.
    """
    from analysis import read_lexicon
    from analysis.show.deposit import LEXICON, settings_of, verify_deposit

    if texts:
        given = {"columns": columns, "encoding": encoding, **settings_of(folder).selection}
        given |= {"columns": columns or given["columns"], "encoding": encoding or given["encoding"]}
        lexicons = {texts.stem: read_lexicon(folder / LEXICON)}
        with studied({texts.stem: source_of(texts, given)}, lexicons, given) as (studies, _):
            checks = verify_deposit(folder, studies[texts.stem])
    else:
        checks = verify_deposit(folder)
    for what, holds, found in checks.itertuples(index=False):
        say(f"{'ok    ' if holds else 'FAILED'} {what}{': ' * bool(found)}{found}")
    number = int((~checks["holds"]).sum())
    rest = "" if checks["what"].str.contains(" comes out ").any() else "; nothing was computed again"
    say(f"{len(checks)} checks, {number} failed{rest}." if number else f"{len(checks)} checks, all hold.")
    sys.exit(NOTHING_READ if number else 0)


@main.group()
def lexicon() -> None:
    """Show, check or convert a lexicon: one that comes with the package, or a file."""


NAMED = click.argument("lexicon", metavar="NAME|FILE")


@command("lexicon check", lexicon)
@NAMED
@click.option("--on", type=PATH, metavar="PATH", help="Articles in which to look for each entry.")
@taking(*READING)
def check(lexicon: str, on: Path | None, columns: tuple[str, ...], encoding: str | None) -> None:
    """Print what can never count: patterns that cannot match or that others cover, and lists never used.

    With --on, also the patterns without a hit in these articles, and names of the two countries that the lexicon's
    pair does not know, by outlet. The exit code is 1 if there is a problem.
    """
    from analysis.corpus.language import language_name
    from analysis.corpus.passages import passages
    from analysis.corpus.tables import usable
    from analysis.frames.check import check_lexicon
    from analysis.show.report.findings import without_words
    from analysis.show.report.instrument import lexicon_of
    from analysis.show.report.prose import UNNEGATED

    found = lexicon_of(lexicon)
    if not found.negates:
        say(f"framing: {UNNEGATED}", err=True)
    every = None
    if on is not None:
        articles = read(on, mapping(columns), encoding)
        if lost := without_words(articles):
            say(f"framing: {lost}", err=True)
        articles = usable(articles)
        every = passages(articles, about=None).merge(articles[["doc_id", "outlet"]], on="doc_id")
        every = _in_its_languages(every, found) if len(every) else None
    problems = check_lexicon(found, every)
    for problem in problems.itertuples(index=False):
        spoken = language_name(str(problem.language)) if found.parallel else ""
        where = " / ".join(dict.fromkeys(str(part) for part in (spoken, *problem[:3]) if part))
        say(f"{where}: {problem.problem}" + (f" by {problem.by!s}" if problem.by else ""))
    entries = sum(len(one.entries) for one in found.each.values())
    say(f"{found.name}: entries {entries}, problems {len(problems)}.")
    sys.exit(1 if len(problems) else 0)


def _in_its_languages(every: "pd.DataFrame", found: "Lexicon") -> "pd.DataFrame":
    """The passages that the lexicon is written for, once the others are reported; all if it fits none."""
    from analysis.show.report.findings import set_aside

    own = every["language"].isin(["", *found.each]) if "language" in every else None
    if own is None or own.all() or not own.any():
        return every
    say(f"framing: {set_aside(every[~own].drop_duplicates('doc_id')['language'], found)}", err=True)
    return every[own]


@command("lexicon show", lexicon)
@NAMED
def show(lexicon: str) -> None:
    """Print what a lexicon counts, and its entries frame by frame."""
    from analysis.corpus.language import language_name
    from analysis.show.report.instrument import lexicon_of

    found = lexicon_of(lexicon)
    say(str(found))
    for code, part in found.each.items():
        if found.parallel:
            say(f"\nIn {language_name(code)}:")
        for frame in part.labelled:
            say(f"\n{frame.name}: {frame.meaning}" if frame.meaning else f"\n{frame.name}")
            for entry in (entry for entry in part.entries if entry.frame == frame.name):
                say(f"  {entry.name}: {' · '.join(entry.match)}")


@command("lexicon convert", lexicon)
@click.argument("source", metavar="IN", type=PATH)
@click.argument("target", metavar="OUT", type=FILE)
@click.option("--from", "read_as", metavar="FORMAT", help="The format of IN; by default by its suffix.")
@click.option("--to", "write_as", metavar="FORMAT", help="The format of OUT; by default by its suffix.")
@click.option("--encoding", help="Of IN, as in --encoding cp1252; detected by default.")
@click.option(
    "--column", "columns", multiple=True, metavar="OURS=THEIRS",
    help="Of a word list: which column holds what, by name or number, as in --column pattern=word.",
)  # fmt: skip
def convert(source: Path, target: Path, read_as: str | None, write_as: str | None, encoding: str | None,
            columns: tuple[str, ...]) -> None:  # fmt: skip
    """Write the lexicon or dictionary IN as OUT, in another program's format.

    What has no place in OUT is listed on standard error, each with the reason; the path of OUT is printed.

    \b
    FORMAT      suffix        what it is
    yaml        .yaml .yml    a lexicon of this project
    quanteda    .yaml .yml    a dictionary of quanteda; as OUT it needs --to quanteda
    liwc        .dic          LIWC
    yoshikoder  .ykd .lcd     Yoshikoder, Lexicoder 2
    wordstat    .cat          WordStat
    lexicoder   .lc3          Lexicoder 3
    tsv         .tsv .csv     a table: frame, pattern, weight, entry, note, source
    """
    from analysis.corpus.files import check_place, write_whole
    from analysis.frames.formats.files import read_with_losses, target_format, written_with_losses

    name = target_format(target, write_as)  # a wrong suffix or place is reported before the work
    check_place(target)
    if target.exists() and source.exists() and target.samefile(source):
        raise ValueError(f"{target}: is both IN and OUT. Write to another file, so that nothing is lost.")
    named: dict[str, Any] = mapping(columns) or {}
    for role in ("frame", "pattern"):  # several columns: with a score each, or words
        if "," in named.get(role, ""):
            named[role] = named[role].split(",")
    lexicon, unread = read_with_losses(source, read_as, encoding, named or None)
    text, unwritten = written_with_losses(lexicon, name, commas=target.suffix.lower() == ".csv")
    write_whole(target, text)
    for place, losses in ((source, unread), (target, unwritten)):
        for loss in losses:
            say(f"{place}: {loss}", err=True)
    say(target)


for own in (report, plan, run, certify):
    main.add_command(own)

if __name__ == "__main__":
    main()
