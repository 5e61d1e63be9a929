"""Tables larger than memory: read in pieces, they give what they give when read at once."""

import gzip
import json
import zipfile
from dataclasses import replace

import pandas as pd
import pyarrow.parquet as pq
import pytest
from made_news import LEXICON as PAIRED
from made_news import rows

import analysis as an
from analysis.corpus.readers.folder import read_files
from analysis.study import pieces, reading
from analysis.study.study import run_study

LEXICON = replace(PAIRED, about=())  # whether a passage is about a pair is no matter of pieces


def dated(start, stop):
    """Rows whose dates need no others to be read."""
    return rows(start, stop).assign(date=[f"2017-{at % 9 + 1:02}-{at % 28 + 1:02}" for at in range(start, stop)])


def huge_csv(path, sep=","):
    """A line of a database above the header, texts of several lines and quotes, and rows that are too short."""
    table = dated(0, 60).assign(text=lambda table: table["text"].str.replace(". ", '.\n"Yes, indeed",\n', n=1))
    lines = table.to_csv(index=False, sep=sep)
    body = [
        lines,
        *(
            f"a row of{sep}two cells\n" + dated(at, at + 9).to_csv(index=False, sep=sep, header=False)
            for at in (60, 69)
        ),
    ]
    path.write_text("Results of a search\n" + "".join(body), "utf-8")


def huge_lines(path):
    path.write_text(
        "\n".join(
            [
                dated(0, 40).to_json(orient="records", lines=True),
                "not an object",
                "",
                dated(40, 78).to_json(orient="records", lines=True),
            ]
        )
    )


def huge_array(path, indent=None):
    """An array with elements that are no objects, and an answer with several articles."""
    items = json.loads(dated(0, 40).to_json(orient="records"))
    items[7:7] = ["not an object", {"articles": json.loads(dated(40, 43).to_json(orient="records"))}, None]
    items += json.loads(dated(43, 78).to_json(orient="records"))
    path.write_text(json.dumps(items, indent=indent, ensure_ascii=False))


def recoded(write, encoding):
    """What writes the file in another encoding."""

    def other(path):
        write(path)
        path.write_text(path.read_text("utf-8"), encoding)

    return other


def in_archive(write, name, kind):
    """What packs the file."""

    def other(path):
        write(plain := path.with_name(name))
        if kind == "gz":
            path.write_bytes(gzip.compress(plain.read_bytes()))
        else:
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
                file.write(plain, name)
                file.writestr("other/b.csv", dated(80, 85).to_csv(index=False))
        plain.unlink()

    return other


HUGE = {
    "a.csv": huge_csv,
    "utf-16.csv": recoded(huge_csv, "utf-16"),
    "utf-16.jsonl": recoded(huge_lines, "utf-16"),
    "array.json": huge_array,
    "lines of an array.json": lambda path: huge_array(path, 1),
    "utf-16.json": recoded(huge_array, "utf-16"),
    "a.csv.gz": in_archive(huge_csv, "a.csv", "gz"),
    "a.json.gz": in_archive(huge_array, "a.json", "gz"),
    "a.csv.zip": in_archive(huge_csv, "a.csv", "zip"),
    "a.tsv": lambda path: huge_csv(path, "\t"),
    "a.jsonl": huge_lines,
    "a.parquet": lambda path: dated(0, 700).to_parquet(path),
}


def in_small_pieces(monkeypatch):
    for setting, size in {"HUGE": 4_000, "PIECE": 11_000, "GROUP": 4_000}.items():
        monkeypatch.setattr(pieces, setting, size)


@pytest.mark.parametrize(
    ("name", "beside"), [*((name, False) for name in HUGE), ("a.csv", True), ("a.json.gz", True)]
)
def test_a_file_larger_than_memory_is_read_in_pieces(name, beside, tmp_path, monkeypatch):
    source = tmp_path / "source"
    source.mkdir()
    HUGE[name](source / name)
    if beside:  # with ids, so that those of the large file are made of its rows
        dated(90, 99).assign(doc_id=lambda table: table["title"]).to_csv(source / "b.csv", index=False)
    given = source if beside else source / name
    whole, read = run_study(given, tmp_path / "whole", LEXICON, counts=False), []
    in_small_pieces(monkeypatch)
    monkeypatch.setattr(
        reading, "read_files", lambda *given, **how: read.append(read_files(*given, **how)) or read[-1]
    )
    study = run_study(given, tmp_path / "study", LEXICON, counts=False)
    assert max(len(one.table) for one in read) < len(whole.articles) / 2
    for table in ("articles", "set_aside", "passages", "hits"):
        pd.testing.assert_frame_equal(getattr(study, table), getattr(whole, table))
    assert not (tmp_path / "study" / "pieces").exists()


def test_a_large_file_with_an_open_quotation_mark_is_read_as_a_small_one(tmp_path, monkeypatch):
    dated(0, 60).assign(text=lambda table: table["text"] + "\nIt goes on, and on, and on.").to_csv(
        tmp_path / "a.csv"
    )
    (tmp_path / "a.csv").write_text((tmp_path / "a.csv").read_text().replace(",Item 20,", ',Item "20,'))
    whole = run_study(tmp_path / "a.csv", tmp_path / "whole", LEXICON, counts=False)
    in_small_pieces(monkeypatch)
    study = run_study(tmp_path / "a.csv", tmp_path / "study", LEXICON, counts=False)
    for table in ("articles", "set_aside"):
        pd.testing.assert_frame_equal(getattr(study, table), getattr(whole, table))


DAMAGED = {
    "cut off": lambda text: text[: len(text) * 2 // 3],
    "no comma": lambda text: text[: len(text) // 2] + text[len(text) // 2 :].replace("}, {", "} {", 1),
    "a last comma": lambda text: text[:-1] + ",]",
    "more after it": lambda text: text + " and more",
}


@pytest.mark.parametrize("how", DAMAGED)
def test_a_large_damaged_array_is_refused_as_a_small_one(how, tmp_path, monkeypatch):
    huge_array(tmp_path / "a.json")
    (tmp_path / "a.json").write_text(DAMAGED[how]((tmp_path / "a.json").read_text()))
    said = []
    for name in ("whole", "pieces"):
        with pytest.raises(ValueError, match="it is not JSON") as error:
            run_study(tmp_path / "a.json", tmp_path / name, LEXICON, counts=False)
        said.append(str(error.value))
        in_small_pieces(monkeypatch)
    assert said[0] == said[1]


IDS = {  # what only all rows show: they repeat, one is missing, they number the rows, or only some rows
    "once": lambda at: f"{at * 7 % 100:03}",
    "again": lambda at: f"id{at % 70}",
    "missing": lambda at: "" if at == 70 else f"id{at}",
    "numbers": lambda at: str(at + 5),
    "numbers at first": lambda at: str(at if at < 75 else 9 * at),
}


@pytest.mark.parametrize(
    ("name", "ids"),
    [*(("a.csv", ids) for ids in IDS), *((f"a.{kind}", "again") for kind in ("jsonl", "json", "parquet"))],
)
def test_ids_and_dates_are_decided_once_for_a_large_file(name, ids, tmp_path, monkeypatch):
    """The order of day and month too: only the last date shows it."""
    days = [f"{at % 9 + 1}/{at % 5 + 1}/2017" for at in range(78)]
    table = rows(0, 78).assign(id=[IDS[ids](at) for at in range(78)], date=days)
    table.loc[77, "date"] = "28/2/2017"
    {
        "csv": lambda path: table.to_csv(path, index=False),
        "jsonl": lambda path: table.to_json(path, orient="records", lines=True),
        "json": lambda path: table.to_json(path, orient="records"),
        "parquet": lambda path: table.to_parquet(path),
    }[name.partition(".")[2]](tmp_path / name)
    whole = run_study(tmp_path / name, tmp_path / "whole", LEXICON, counts=False)
    in_small_pieces(monkeypatch)
    monkeypatch.setattr(pieces, "_batches", small_batches)
    study = run_study(tmp_path / name, tmp_path / "study", LEXICON, counts=False)
    assert len(study.parts) > 1
    pd.testing.assert_frame_equal(study.articles, whole.articles)
    assert study.articles["date"].notna().all()
    assert study.articles["doc_id"].tolist() == an.read_articles(tmp_path / name)["doc_id"].tolist()


def small_batches(file):
    table = pq.read_table(file.path)
    return ((at, pieces._packed(table[at : at + 30].to_batches())) for at in range(0, len(table), 30))
