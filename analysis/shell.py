"""How commands speak: complaints on one line in the shell's words, suggestions, progress."""

import os
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, reduce, wraps
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

EXAMPLES = """
framing report articles.csv -o report.html
framing report tass.csv dw.jsonl -o both.html --about Russia China
framing report articles.csv -o report.docx
framing report articles.csv --lexicon mine.yaml --coded coded.csv
framing report export.csv --column outlet=source --column text=body
framing report articles.csv --from 2017 --to 2019-06 --outlet BBC --outlet CNN
framing report --shipped
framing certify articles.csv --lexicon mine.yaml --coded-by 'two students'
framing certify articles.csv --sheet to-code.xlsx
framing init my-study
framing plan articles/
framing run articles/ big-study
framing summarize articles.csv
framing summarize export.csv --column outlet=Source
framing deposit articles.csv -o deposit --lexicon mine.yaml
framing verify deposit --texts articles.csv
framing lexicon check mine.yaml --on articles.csv
framing lexicon show russia-china
framing lexicon convert liwc.dic mine.yaml
""".strip().split("\n")
Command = Callable[..., None]


def command(name: str, group: Any = click) -> Callable[[Command], click.Command]:
    """What makes a function a command, alone or of a group, with its examples and in plain errors."""
    return lambda function: group.command(epilog=examples(name))(_plain_errors(function))


def taking(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """What gives a command these options, in their order."""
    return lambda function: reduce(lambda done, option: option(done), reversed(options), function)


def examples(command: str = "") -> str:
    """The end of a command's help: its own examples, without a name the first of each."""
    chosen = [line for line in EXAMPLES if line.startswith(f"framing {command}")]
    if not command:
        chosen = list({line.split()[1]: line for line in reversed(chosen)}.values())[::-1]
    return "\n".join(["\b", "Examples", *(f"  {line}" for line in chosen)])


PATH, FILE = click.Path(path_type=Path), click.Path(path_type=Path, dir_okay=False)
READING = (  # how to read a file of articles
    click.option("--column", "columns", multiple=True, metavar="OURS=THEIRS",
                 help="The name of a column in the file, as in --column outlet=Source. Repeat for more. "
                 "date_dmy=Date and date_mdy=Date also give the order of day and month."),
    click.option("--encoding", help="Encoding of text files, as in --encoding cp1252; detected by default."),
)  # fmt: skip
WRONG_USE = 2  # an exit code; a complaint that is an answer, as that there is nothing to report, has its own
# What a complaint of the package says for Python, and what the same thing is called in the shell.
SHELL_WORDS = (
    (re.compile(r"give columns=\{[^}]*\}, or in a shell: "), "write "),
    (re.compile(r"""columns=\{['"](\w+)['"]: ['"]([^'"\s]+)['"][^}]*\}"""), r"--column \1=\2"),
    (re.compile(r"""columns=\{['"](\w+)['"]: ['"]([^'"]+)['"][^}]*\}"""), r"--column '\1=\2'"),
    (re.compile(r"columns=\{'(\w+)': …\}"), r"--column \1=…"),
    (re.compile(r"\bcolumns="), "--column"),
    (re.compile(r"\((lexicon|about)=\)"), r"(--\1)"),
    (re.compile(r"about=\('([^']*)', '([^']*)'\)"), r"--about '\1' '\2'"),
    (re.compile(r"about=\(\)"), "--no-pair"),
    (re.compile(r"give its names: about=\{.*\}"), "give --lexicon a file that lists its names under about:"),
    (re.compile(r"^about: "), "--about: "),
    (re.compile(r"encoding='([\w-]+)'"), r"--encoding \1"),
    (re.compile(r"\bencoding="), "--encoding"),
    (re.compile(r"robustness=True"), "--robustness"),
    (re.compile(r"\ban\.(?=\w+)"), ""),
)
# What is still Python after that; advice with it is left out, what is wrong never is.
PYTHON = re.compile(
    r"\ban\.\w|[a-z]_\w+\((?!\d)|(?<!-)\b[a-z]+\[|(?<!--column )(?<!--column ')\b[a-z_]+=['\"({\[…\w]"
)
ASIDE, SENTENCES = re.compile(r" \([^()]*\)"), re.compile(r"(?<=[.!?]) (?=[A-Z])")
UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]"
)


def in_shell_words(text: str) -> str:
    """A complaint as a user of the command line can follow it, on one line."""
    for python, shell in SHELL_WORDS:
        text = python.sub(shell, text)
    line = ASIDE.sub(lambda found: "" if PYTHON.search(found[0]) else found[0], " ".join(text.split()))
    first, *rest = SENTENCES.split(line)
    kept = [one for one in rest if one.startswith("Found:") or not PYTHON.search(one)]
    return printable(" ".join([first, *kept]))


def printable(text: str) -> str:
    """The text without characters that would steer a terminal; they are shown by number."""
    return UNPRINTABLE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def say(text: object, *, err: bool = False) -> None:
    """Prints lines, without characters that would steer a terminal: names and texts are others'."""
    click.echo(safe_lines(str(text)), err=err)


def safe_lines(text: str) -> str:
    """Each line of a text as ``printable`` gives it."""
    return "\n".join(map(printable, text.split("\n")))


def _plain_errors(command: Command) -> Command:
    """The command, with the package's own complaints on one line instead of a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            with warnings.catch_warnings():
                warnings.showwarning = partial(_warned, set())
                command(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader of a pipe has seen enough, as in "| head"
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that closing it cannot fail, too
            sys.exit(0)
        except MemoryError:
            say("framing: this does not fit into memory. Split the files, or read fewer of them.", err=True)
            sys.exit(WRONG_USE)
        except (ValueError, OSError, ImportError) as complaint:
            say(f"framing: {in_shell_words(str(complaint))}", err=True)
            sys.exit(getattr(complaint, "exit_code", WRONG_USE))

    return run


def _warned(said: set[str], message: Warning | str, *_: Any, **__: Any) -> None:
    if str(message) not in said:  # each of many figures may have the same to say
        say(f"framing: {in_shell_words(str(message))}", err=True)
    said.add(str(message))


def mapping(columns: tuple[str, ...]) -> dict[str, str] | None:
    """What ``--column OURS=THEIRS`` says, None where it was not given."""
    pairs = {column: column.partition("=") for column in columns}
    if wrong := [column for column, (ours, _, theirs) in pairs.items() if not (ours and theirs)]:
        raise ValueError(f"--column: {wrong[0]!r} is not OURS=THEIRS. Write --column outlet=Source, for instance.")
    return {ours: theirs for ours, _, theirs in pairs.values()} or None


@contextmanager
def progress(steps: int, *, lines: bool = True) -> Iterator[Callable[[str], None]]:
    """Names each step as it begins, on standard error: in a bar on a terminal, else on ``lines`` with seconds."""
    start, hidden = time.monotonic(), not sys.stderr.isatty()
    with tqdm(total=steps, disable=hidden, leave=False, bar_format="{l_bar}{bar}| {elapsed}") as bar:

        def step(label: str) -> None:
            if bar.disable and lines:
                say(f"framing: {label} … ({time.monotonic() - start:.0f} s)", err=True)
            bar.set_description(printable(label))
            bar.update()

        yield step
