"""The command ``framing lexicon convert``."""

from pathlib import Path
from typing import Any

import click

from analysis.shell import mapping, plain_errors, say


@click.command("convert")
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "read_as", metavar="FORMAT", help="The format of IN; by default by its suffix.")
@click.option("--to", "write_as", metavar="FORMAT", help="The format of OUT; by default by its suffix.")
@click.option("--encoding", help="Of IN, as in --encoding cp1252; detected by default.")
@click.option(
    "--column", "columns", multiple=True, metavar="OURS=THEIRS",
    help="Of a word list: which column holds what, by name or number, as in --column pattern=word.",
)  # fmt: skip
@plain_errors
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
    from analysis.frames.formats.files import format_name, read_with_losses, written_with_losses

    name = format_name(target, write_as)  # a wrong suffix or place is reported before the work
    check_place(target)
    if target.exists() and target.samefile(source):
        raise ValueError(f"{target}: is both IN and OUT. Write to another file, so that nothing is lost.")
    named: dict[str, Any] = mapping(columns) or {}
    if "," in (frames := named.get("frame", "")):  # two columns with a score each
        named["frame"] = frames.split(",")
    lexicon, unread = read_with_losses(source, read_as, encoding, named or None)
    text, unwritten = written_with_losses(lexicon, name)
    write_whole(target, text)
    for place, losses in ((source, unread), (target, unwritten)):
        for loss in losses:
            say(f"{place}: {loss}", err=True)
    say(target)
