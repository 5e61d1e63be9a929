"""The command ``framing lexicon convert``."""

from pathlib import Path

import click

from analysis.shell import plain_errors


@click.command("convert")
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "read_as", metavar="FORMAT", help="The format of IN; by default its suffix says.")
@click.option("--to", "write_as", metavar="FORMAT", help="The format of OUT; by default its suffix says.")
@click.option("--encoding", help="Of IN, as in --encoding cp1252; found out unless given.")
def convert(source: Path, target: Path, read_as: str | None, write_as: str | None, encoding: str | None) -> None:
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
    tsv         .tsv .tab     a table: frame, pattern, weight, entry, note, source
    """
    plain_errors(_convert)(source, target, read_as, write_as, encoding)


def _convert(source: Path, target: Path, read_as: str | None, write_as: str | None, encoding: str | None) -> None:
    from analysis.corpus.files import write_whole
    from analysis.frames.formats.files import read_with_losses, written_with_losses
    from analysis.frames.formats.known import format_name

    name = format_name(target, write_as)  # a wrong suffix is told before the work
    if target.exists() and target.samefile(source):
        raise ValueError(f"{target}: is both IN and OUT. Write to another file, for what is lost would be gone.")
    lexicon, unread = read_with_losses(source, format=read_as, encoding=encoding)
    text, unwritten = written_with_losses(lexicon, name)
    write_whole(target, text)
    for place, losses in ((source, unread), (target, unwritten)):
        for loss in losses:
            named = ", ".join(filter(None, [loss.frame, loss.entry, loss.what]))
            click.echo(f"{place}: {' '.join(named.split())}: {loss.why}", err=True)
    click.echo(target)
