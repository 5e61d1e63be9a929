"""Damaged and made-up input for everything that reads: ``python -m benchmarks.fuzz [CASES [TARGET …]]``.

A case holds if the step answers, or refuses with an error of its own that says something, within ten seconds of
the processor. CASES are those of all targets together, spread by what a case costs and run in ten rounds; after
each the table is printed again. A fault is printed with its number, by which it can be made again:
``fault(target, number)``.
"""

import json
import os
import random
import re
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import chdir
from functools import cache, partial
from pathlib import Path

import pandas as pd
from click.testing import CliRunner

import analysis as an
from analysis.__main__ import main as framing
from analysis.compare.robustness.cache import Cache
from analysis.compare.robustness.measures import FIGURES
from analysis.corpus.readers.archive import opened
from analysis.corpus.readers.folder import read_files
from analysis.corpus.readers.source import Source
from analysis.frames.coders.endpoint import answer, checked
from analysis.frames.coders.record import Record
from analysis.frames.coding.certificate import Certificate
from analysis.frames.coding.sample import csv_sheet, workbook
from analysis.frames.formats.conversion import lexicon_of
from analysis.frames.formats.files import FORMATS, written, written_with_losses
from analysis.frames.formats.read_yaml import parsed
from analysis.show.desk.coding import CodesFile
from analysis.show.desk.evidence import gathered
from analysis.text.patterns import read_patterns
from benchmarks.corpora import damaged, mutated
from benchmarks.fuzz_files import ARTICLES, FILES

SLOWEST = 10.0  # seconds of the processor
ROUNDS, TRIED, FEWEST, MOST = 10, 60, 0.002, 0.1  # for one target at least FEWEST, at most MOST of all cases
OURS = (ValueError, OSError)
LEXICON = """name: tiny
about: [Russia, China]
lists: {fuels: [gas, oil*], more: ["@fuels", coal]}
negation: {words: [no, not], scope: 3, except: [no doubt]}
frames:
  trade:
    meaning: goods
    entries:
      - {name: fuel, match: ["@more", "(gas|oil) … deal", "price ~2 gas"], unless: {over: gas mask}, weight: 0.5}
  trust: [partner*, "=May", all?]
"""
CODEBOOK = """# War
How to code: read the passage.
## war
Armed conflict is the subject.
- **peace**: Talks are.
## Rules
1. Whoever says it counts. (2) No guess.
## Examples
“Shells fell.”: war 1, peace 0
"""


def reader(kind: str, chance: random.Random, folder: Path) -> None:
    path = folder / f"a.{kind}"
    path.write_bytes(damaged(FILES[kind], chance))
    with opened(Source(path, path.name)) as sources:
        for source in sources[:1]:  # a zip may hold none
            read_files(source, sources)


def articles(chance: random.Random, folder: Path) -> None:
    kind = chance.choice([*FILES])
    path = folder / f"a.{kind}"
    path.write_bytes(damaged(FILES[kind], chance))
    found = an.read_articles(path)
    counted = an.summarize(found, by="source").iloc[:, 1:].select_dtypes("number").sum()
    assert counted["seen"] == counted["read"] + counted["problems"], "items are lost"
    an.find_frames(an.passages(an.mark_copies(an.clean(found))), parsed(LEXICON, "tiny.yaml"))


def table(kind: str, chance: random.Random, folder: Path) -> None:
    path = folder / f"a.{kind}"
    path.write_bytes(mutated(FILES[kind], chance))
    an.read_table(path)


def grammar(chance: random.Random, _: Path) -> None:
    lexicon = parsed(text_of(LEXICON, chance), "l.yaml")
    assert parsed(written(lexicon), "l.yaml") == lexicon, "another lexicon is read back"


def text_of(text: str, chance: random.Random) -> str:
    return mutated(text.encode(), chance).decode("utf-8", "replace")


@cache
def as_dictionary(name: str) -> str:
    return written_with_losses(parsed(LEXICON, "tiny.yaml"), name)[0]


def dictionary(name: str, chance: random.Random, _: Path) -> None:
    lexicon_of(FORMATS[name].read(text_of(as_dictionary(name), chance), "d"))


def pattern(chance: random.Random, _: Path) -> None:
    parts = ["gas", "oil*", "al?", "(a|b c)", "@fuels", "=May", "…3", "~2", *"…~|()@*é "]
    text = "".join(chance.choice(parts) + chance.choice(["", " "]) for _ in range(chance.randint(1, 9)))
    if text.strip():
        read_patterns([text], {"fuels": ["gas", "oil"]})
        if chance.random() < 0.1:
            an.in_context(ARTICLES, text, lists={"fuels": ["gas", "oil"]})


@cache
def to_code(kind: str) -> bytes:
    rows = ARTICLES.rename(columns={"doc_id": "passage_id"})
    return workbook(rows, {"trade": "goods"}, "book") if kind == "xlsx" else csv_sheet(rows, ["trade"]).encode()


def sheet(kind: str, chance: random.Random, folder: Path) -> None:
    path = folder / f"ann.{kind}"
    path.write_bytes(damaged(to_code(kind), chance))
    an.majority_codes(an.read_codes(path, weights=False))


@cache
def evidence() -> object:
    passages = an.passages(ARTICLES, about=None)
    lexicon = parsed(LEXICON, "tiny.yaml")
    return gathered(ARTICLES, an.find_frames(passages, lexicon), passages=passages, lexicon=lexicon)


def desk(chance: random.Random, folder: Path) -> None:
    names = list(evidence().passages["passage_id"])
    rows = "\n".join(
        ["passage_id,article,outlet,text,picked,trade,trust", *(f"{one},a,DW,t,True,1," for one in names)]
    )
    (folder / "codes.csv").write_bytes(mutated(rows.encode(), chance))
    CodesFile(folder / "codes.csv").read(evidence())


def codebook(kind: str, chance: random.Random, folder: Path) -> None:
    given = (
        CODEBOOK
        if kind == "md"
        else "frames: {war: Armed conflict, peace: {definition: Talks}}\nrules: [One, 2]\n"
    )
    (folder / f"a.{kind}").write_bytes(mutated(given.encode(), chance))
    assert an.read_codebook(folder / f"a.{kind}").prompt("text")


@cache
def certificate_file() -> bytes:
    coded = ARTICLES.assign(passage_id=ARTICLES["doc_id"], trade=[1, 0, 0], trust=[0, 1, 0])
    with tempfile.TemporaryDirectory() as folder:
        return an.validate(coded, parsed(LEXICON, "tiny.yaml")).write(Path(folder, "a.json")).read_bytes()


def certificate(chance: random.Random, folder: Path) -> None:
    (folder / "a.certificate.json").write_bytes(mutated(certificate_file(), chance))
    for one in an.read_certificates(folder / "a.certificate.json"):
        assert isinstance(one, Certificate)
        assert isinstance(one.coded(ARTICLES.rename(columns={"doc_id": "passage_id"})), pd.DataFrame)


@cache
def kept() -> tuple[bytes, str, bytes]:
    """A record of replies, and the name and content of a result of ``robustness``."""
    with tempfile.TemporaryDirectory() as folder:
        record = Record(Path(folder, "replies"), "book")
        record.open()
        for at in range(3):
            record.add({"key": f"k{at}", "reply": "{}", "problem": ""})
        record.close()
        Cache(Path(folder), "origin").save({"k": 1}, dict.fromkeys(FIGURES, 0.5))
        (path,) = Path(folder).glob("*.json")
        return record.path.read_bytes(), path.name, path.read_bytes()


def replies(chance: random.Random, folder: Path) -> None:
    before = [json.loads(line) for line in kept()[0].splitlines()[1:]]
    (folder / "r.jsonl").write_bytes(mutated(kept()[0], chance))
    for entry in Record(folder / "r.jsonl", "book").entries.values():
        assert any(entry.items() <= one.items() for one in before), "an altered reply is believed"


def result(chance: random.Random, folder: Path) -> None:
    (folder / kept()[1]).write_bytes(mutated(kept()[2], chance))
    found = Cache(folder, "origin").load({"k": 1})
    assert found in (None, dict.fromkeys(FIGURES, 0.5)), "an altered result is believed"


def reply(chance: random.Random, _: Path) -> None:
    codes = json.dumps({"passage": "m", "codes": {"trade": 1, "trust": 0}})
    body = json.dumps({"choices": [{"message": {"content": codes}}], "usage": {"total_tokens": 9}})
    found = answer(text_of(body, chance))
    for text in (found.text, text_of(codes, chance)):
        given, why = checked(text, "m", ["trade", "trust"])
        assert bool(why) != (set(given) == {"trade", "trust"} and set(given.values()) <= {0, 1}), (
            "no code, no reason"
        )


def command(chance: random.Random, folder: Path) -> None:
    (folder / "a.csv").write_bytes(FILES["csv"])
    places = [str(folder / "a.csv"), str(folder), str(folder / "new.dic"), "nul\0", "\udcff", ""]
    steps = ["summarize", "lexicon", "show", "check", "convert", "verify", "report", "init", "--help"]
    options = ["--column", "outlet=DW", "=", "--on", "--to", "liwc", "--encoding", "utf-99", "-o", "--no-such"]
    words = [*steps, *options, *places]
    given = [chance.choice(steps), *(chance.choice(words) for _ in range(chance.randint(0, 4)))]
    with chdir(folder):
        done = CliRunner().invoke(framing, given)
    assert done.exit_code in (0, 1, 2), f"exit code {done.exit_code}"
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception


Target = Callable[[random.Random, Path], None]
SEVERAL = [(reader, FILES), (table, ["csv", "parquet"]), (dictionary, FORMATS), (sheet, ["csv", "xlsx"]),
           (codebook, ["md", "yaml"])]  # fmt: skip
TARGETS: dict[str, Target] = {
    **{f"{work.__name__} {kind}": partial(work, kind) for work, kinds in SEVERAL for kind in kinds},
    **{
        one.__name__: one
        for one in (articles, grammar, pattern, desk, certificate, replies, result, reply, command)
    },
}


def processor() -> float:
    """Seconds of the processor, with those of processes that ended."""
    return time.process_time() + sum(os.times()[2:4])


def fault(name: str, number: int) -> str:
    """What is wrong with how a target takes a case; empty if nothing is."""
    begun = processor()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            TARGETS[name](random.Random(number), Path(folder))
        except OURS as error:
            foreign = not str(error).strip() or isinstance(error, UnicodeError | json.JSONDecodeError)
            found = f"{type(error).__name__} that says nothing to a reader: {error}" if foreign else ""
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            found = f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}: {str(error)[:90]}"
        else:
            found = ""
    spent = processor() - begun
    return found or (f"{spent:.0f} seconds" if spent > SLOWEST else "")


def spread(cases: int, names: list[str]) -> dict[str, int]:
    """How many cases each target has: the more, the less one costs."""
    speed = {}
    for name in names:
        fault(name, 0)
        begun = processor()
        for number in range(TRIED):
            fault(name, number)
        speed[name] = TRIED / (processor() - begun)
    most = max(MOST * cases, cases / len(names))
    each = dict.fromkeys(names, 0.0)
    while (left := cases - sum(each.values())) > 1:  # what a target cannot have goes to the others
        free = [name for name in names if each[name] < most]
        total = sum(speed[name] for name in free)
        each |= {name: min(most, each[name] + left * speed[name] / total) for name in free}
    return {name: max(round(FEWEST * cases), round(number)) for name, number in each.items()}


def main() -> None:
    cases, *names = sys.argv[1:] or ["10000"]
    names = names or list(TARGETS)
    tempfile.tempdir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # a disk would take longer than a case
    each, found = spread(int(cases), names), {name: {} for name in names}
    seconds, begun = dict.fromkeys(names, 0.0), random.randrange(1 << 40)
    for turn in range(ROUNDS):
        for name in names:
            start = processor()
            for number in range(each[name] * turn // ROUNDS, each[name] * (turn + 1) // ROUNDS):
                if what := fault(name, begun + number):
                    found[name].setdefault(re.sub(r"0x\w+|\d+", "#", what), f"{begun + number}: {what}")
            seconds[name] += processor() - start
        print(f"\n{'target':32} {'cases':>9} {'seconds':>8}  faults")
        for name in names:
            print(f"{name:32} {each[name] * (turn + 1) // ROUNDS:9,} {seconds[name]:8.1f}  {len(found[name])}")
            for case in found[name].values():
                print(f"    case {case}")
        print(f"{sum(one * (turn + 1) // ROUNDS for one in each.values()):,} cases", flush=True)


if __name__ == "__main__":
    main()
