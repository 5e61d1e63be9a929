"""Damaged and made-up input for everything that reads: ``python -m benchmarks.fuzz [CASES [TARGET …]]``.

A case holds if the step answers, or refuses with an error of its own that says something, within ten seconds of
the processor. CASES are those of the fastest target; slower ones have fewer, by what a case costs. A fault is
printed with its number, by which it can be made again: ``TARGETS[name](random.Random(number), folder)``.
"""

import gzip
import io
import json
import random
import re
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
from click.testing import CliRunner

import analysis as an
from analysis.__main__ import main as framing
from analysis.compare.robustness.cache import Cache
from analysis.compare.robustness.measures import FIGURES
from analysis.frames.coders.endpoint import answer, checked
from analysis.frames.coding.sheets import csv_sheet, workbook
from analysis.frames.formats.conversion import lexicon_of
from analysis.frames.formats.files import FORMATS, written_with_losses
from analysis.frames.formats.read_yaml import parsed
from analysis.frames.formats.write_yaml import written
from analysis.text.patterns import read_patterns

SLOWEST = 10.0  # seconds of the processor
OURS = (ValueError, OSError)
ARTICLES = pd.DataFrame({
    "doc_id": ["a", "b", "c"], "outlet": ["DW", "TASS", "RT"], "date": ["2017-01-02", "3 March 2017", ""],
    "title": ["Gas", "=1+1", "“Drills”"], "text": [
        "Russia and China signed a gas deal. They are partners.", "Moscow, Beijing\nhold drills; \"no\" allies.",
        "Россия и Китай торгуют. 俄罗斯和中国。"],
})  # fmt: skip
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
PAGE = "<html><head><title>Gas</title></head><body><article><h1>Gas</h1>{}</article></body></html>"
TOKENS = [
    *rb"""" ' , ; < ]]> &a; { } [ ] : - *x &x @more ( ) | ~ = % \ \u0000 1e999 NaN null true 9999999999""".split(),
    *(
        b"",
        b"\0",
        b"\t",
        b"\r",
        b"\n\n",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\x1f\x8b",
        b"PK\x03\x04",
    ),
    *("…".encode(), "\u202e".encode(), b'<!DOCTYPE a [<!ENTITY b "c">]>'),
]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content with one to six places changed, cut, repeated or filled with what readers trip over."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content) + 1)
        end = min(len(content), at + chance.choice([1, 1, 2, 8, 60]))
        piece = content[at:end]
        instead = chance.choice([
            b"", chance.choice(TOKENS), piece + chance.choice(TOKENS), piece * chance.choice([2, 3, 200]),
            piece[::-1], bytes(byte ^ 1 << chance.randrange(8) for byte in piece),
        ])  # fmt: skip
        content = content[:at] + instead + content[end:]
    return content


def packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def repacked(content: bytes, chance: random.Random) -> bytes:
    """A zip with one of its members mutated: its checksums hold."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(members))
    return packed(members | {name: mutated(members[name], chance)})


def files() -> dict[str, bytes]:
    """A file of each kind that is read."""
    rows = ARTICLES.to_dict("records")
    book, parquet = io.BytesIO(), io.BytesIO()
    ARTICLES.to_excel(book, index=False, engine="xlsxwriter")
    ARTICLES.to_parquet(parquet)
    delimited = ARTICLES.to_csv(index=False).encode()
    page = PAGE.format("".join(f"<p>{text}</p>" for text in ARTICLES["text"]))
    lines = [
        "Gas",
        "DW",
        "January 2, 2017 Monday",
        "Body",
        "Russia and China.",
        "Load-Date: May 1",
        "End of Document",
    ]
    return {
        "csv": delimited,
        "tsv": ARTICLES.to_csv(sep="\t", index=False).encode(),
        "json": json.dumps(rows).encode(),
        "jsonl": "\n".join(map(json.dumps, rows)).encode(),
        "xlsx": book.getvalue(),
        "parquet": parquet.getvalue(),
        "html": page.encode(),
        "txt": "\n".join(ARTICLES["text"]).encode(),
        "gz": gzip.compress(delimited, mtime=0),
        "zip": packed({"DW/a.txt": b"Russia and China.", "b.csv": delimited}),
        "ris": b"TY  - NEWS\nTI  - x\nJF  - DW\nDA  - 2017/01/02\nAB  - Russia and China.\nER  - \n",
        "rtf": rb"{\rtf1\ansi " + rb"\par ".join(line.encode() for line in lines) + b"}",
    }


FILES = files()


def read_file(kind: str, chance: random.Random, folder: Path) -> None:
    content, inside = FILES[kind], kind in ("xlsx", "zip") and chance.random() < 0.7
    path = folder / f"a.{kind}"
    path.write_bytes(repacked(content, chance) if inside else mutated(content, chance))
    articles = an.read_articles(path)
    counted = an.summarize(articles, by="source").iloc[:, 1:].select_dtypes("number").sum()
    assert counted["seen"] == counted["read"] + counted["problems"], "items are lost"
    an.find_frames(an.passages(an.mark_copies(an.clean(articles))), parsed(LEXICON, "tiny.yaml"))


def read_table(kind: str, chance: random.Random, folder: Path) -> None:
    path = folder / f"a.{kind}"
    path.write_bytes(mutated(FILES[kind], chance))
    an.read_table(path)


def grammar(chance: random.Random, _: Path) -> None:
    lexicon = parsed(mutated(LEXICON.encode(), chance).decode("utf-8", "replace"), "l.yaml")
    assert parsed(written(lexicon), "l.yaml") == lexicon, "another lexicon is read back"


def dictionary(name: str, chance: random.Random, _: Path) -> None:
    text, _ = written_with_losses(parsed(LEXICON, "tiny.yaml"), name)
    lexicon_of(FORMATS[name].read(mutated(text.encode(), chance).decode("utf-8", "replace"), "d"))


def pattern(chance: random.Random, _: Path) -> None:
    parts = [
        "gas",
        "oil*",
        "al?",
        "(a|b c)",
        "@fuels",
        "=May",
        "…",
        "~",
        "…3",
        "~2",
        "|",
        "(",
        ")",
        "@",
        "*",
        " ",
        "é",
    ]
    text = "".join(chance.choice(parts) + chance.choice(["", " "]) for _ in range(chance.randint(1, 9)))
    if text.strip():
        read_patterns([text], {"fuels": ["gas", "oil"]})
        an.in_context(ARTICLES, text, lists={"fuels": ["gas", "oil"]})


def sheet(kind: str, chance: random.Random, folder: Path) -> None:
    rows = ARTICLES.rename(columns={"doc_id": "passage_id"})
    made = workbook(rows, {"trade": "goods"}, "book") if kind == "xlsx" else csv_sheet(rows, ["trade"]).encode()
    path = folder / f"ann.{kind}"
    path.write_bytes(repacked(made, chance) if kind == "xlsx" and chance.random() < 0.7 else mutated(made, chance))
    an.majority_codes(an.read_codes(path, weights=False))


def record(chance: random.Random, folder: Path) -> None:
    cache, figures = Cache(folder, "origin"), dict.fromkeys(FIGURES, 0.5)
    cache.save({"k": 1}, figures)
    (path,) = folder.glob("*.json")
    path.write_bytes(mutated(path.read_bytes(), chance))
    assert cache.load({"k": 1}) in (None, figures), "an altered result is believed"


def reply(chance: random.Random, _: Path) -> None:
    codes = json.dumps({"mark": "m", "trade": 1, "trust": 0})
    body = json.dumps({"choices": [{"message": {"content": codes}}], "usage": {"total_tokens": 9}})
    found = answer(mutated(body.encode(), chance).decode("utf-8", "replace"))
    checked(found.text, "m", ["trade", "trust"])
    checked(mutated(codes.encode(), chance).decode("utf-8", "replace"), "m", ["trade", "trust"])


def command(chance: random.Random, folder: Path) -> None:
    (folder / "a.csv").write_bytes(FILES["csv"])
    places = [str(folder / "a.csv"), str(folder), str(folder / "new.dic"), "nul\0", "\udcff", ""]
    words = (
        "summarize lexicon show check convert verify --help --column outlet=DW = --on --to liwc --encoding utf-99"
    )
    words = [*words.split(), "-o", "--no-such", "russia-china", *places]
    given = [chance.choice(words[:6]), *(chance.choice(words) for _ in range(chance.randint(0, 4)))]
    done = CliRunner().invoke(framing, given)
    assert done.exit_code in (0, 1, 2), f"exit code {done.exit_code}"
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception


def each(work: Callable[..., None], kinds: "dict[str, object]") -> Iterator[tuple[str, Callable[..., None]]]:
    for kind in kinds:
        yield f"{work.__name__} {kind}", lambda chance, folder, kind=kind: work(kind, chance, folder)


TARGETS: dict[str, Callable[..., None]] = {
    **dict(each(read_file, FILES)), **dict(each(read_table, dict.fromkeys(["csv", "parquet"]))),
    "grammar": grammar, **dict(each(dictionary, FORMATS)), "pattern": pattern,
    **dict(each(sheet, dict.fromkeys(["csv", "xlsx"]))), "record": record, "reply": reply, "command": command,
}  # fmt: skip


def fault(name: str, number: int) -> str:
    """What is wrong with how a target takes a case; empty if nothing is."""
    begun = time.process_time()
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
    spent = time.process_time() - begun
    return found or (f"{spent:.0f} seconds" if spent > SLOWEST else "")


def main() -> None:
    cases, *names = sys.argv[1:] if sys.argv[1:2] and sys.argv[1].isdigit() else ["300"]
    print(f"{'target':24} {'cases':>7} {'seconds':>8}  faults")
    total = 0
    for name in names or TARGETS:
        begun = time.process_time()
        for number in range(10):
            fault(name, number)
        a_case = (time.process_time() - begun) / 10
        number_of = max(30, int(int(cases) * min(1.0, 0.002 / a_case)))
        faults = {number: what for number in range(number_of) if (what := fault(name, number))}
        found = {re.sub(r"0x\w+|\d+", "#", what): f"{number}: {what}" for number, what in faults.items()}
        total += number_of
        print(f"{name:24} {number_of:7,} {time.process_time() - begun:8.1f}  {len(found)}", flush=True)
        for case in found.values():
            print(f"    case {case}", flush=True)
    print(f"{total:,} cases")


if __name__ == "__main__":
    main()
