"""A study that others can check: its tables without the texts, and whether they come out the same again."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain, zip_longest
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

import analysis as an
from analysis.compare.inference import Inference
from analysis.compare.robustness.cache import PACKAGES
from analysis.compare.robustness.curve import Robustness, claimed
from analysis.compare.robustness.measures import READ_BY, Readings, readings
from analysis.corpus.files import check_place, csv_text, from_json, write_whole
from analysis.corpus.provenance import text_hash, versions
from analysis.corpus.read import read_table
from analysis.frames.coding.certificate import HASH, LETTERS, Certificate
from analysis.frames.coding.validate import recomputed
from analysis.frames.formats.files import written
from analysis.frames.lexicon import Lexicon
from analysis.limits import how_to_raise, limit
from analysis.study.kept import file_hash
from analysis.study.study import Study, temporary

from .report.findings import as_received, evidence
from .report.pictures import svg_of
from .report.prose import OUTLETS
from .report.scrutiny import Compared, Settings, clearest, compared, of_curve, stories_of, ways_to_read

CRATE = "ro-crate-metadata.json"
SETTINGS, LEXICON, READINGS = "settings.json", "lexicon.yaml", "readings.csv"
RUN = 8  # words of an article in a row that would give away its text
# What is kept of an article, a passage and a hit: where it stands and what it is called, never its words.
ARTICLE = ("doc_id", "outlet", "printed_by", "date", "language", "story_id", "copy_of", "overlap", "problem")
PASSAGE = ("passage_id", "doc_id", "position", "start", "end", "sha256")
HIT = ("doc_id", "passage_id", "start", "end", "frame", "entry", "negated")
FOUND = ("articles", "passages", "hits")
KINDS = {".csv": "text/csv", ".json": "application/json", ".svg": "image/svg+xml", ".yaml": "application/yaml"}
BOM = "\ufeff"  # by which spreadsheets know UTF-8
Articles = pd.DataFrame | Study


def write_deposit(
    articles: Articles,
    lexicon: Lexicon,
    folder: str | PathLike[str],
    *,
    certificates: Sequence[Certificate] = (),
    settings: Settings | None = None,
    published: str = "",
) -> Path:
    """The folder of a deposit: an RO-Crate (1.1) without texts, whose tables ``verify_deposit`` computes again.

    It holds articles (ids, outlets, dates, stories, hashes), passages and hits by their place, the readings behind
    each row of the specification curve, lexicon, certificates with their codes, settings and versions; and the
    tables and figures that follow from these. Articles are measured as in ``report``.

    Raises
    ------
    ValueError
        Eight words in a row of an article would stand in a file, as in an id made of a title; a certificate cannot
        be computed again; or the folder holds something else.
    """
    target, settings = Path(folder).expanduser(), settings or Settings()
    check_deposit(target)
    for one in certificates:
        if recomputed(one) is None:
            what = f"{one.n} passages ({one.source or 'without a source'})"
            raise ValueError(f"certificate of {what}: without the instrument's answers. Measure it again.")
    with temporary() as run:
        study = run(articles, lexicon)
        files, options = _evidence(study, lexicon, settings)
        kept = {
            SETTINGS: _json({**asdict(settings), "options": options, "versions": versions(PACKAGES)}),
            LEXICON: written(lexicon),
            **files,
            **{f"certificates/{number}.json": one.as_json() for number, one in enumerate(certificates, start=1)},
        }
        _write(target, kept, study)
        computed = _computed(target)
        _write(target, computed, study)
    write_whole(target / CRATE, _crate(lexicon, kept | computed, published))
    return target


def check_deposit(folder: Path) -> None:
    """Refuses a folder that cannot be written, or that holds something else."""
    check_place(folder, folder=True)
    begun = any((folder / name).exists() for name in (CRATE, SETTINGS))  # the last and the first that is written
    if folder.exists() and not begun and any(not path.name.startswith(".") for path in folder.iterdir()):
        raise ValueError(f"{folder}: the folder holds something else. Name a new or an empty folder.")


def _write(folder: Path, files: Mapping[str, str], study: Study) -> None:
    """Writes the files, unless one holds words of an article; a drawing has outlines in place of letters."""
    held = {run: name for name, content in files.items() if not name.endswith(".svg") for run in _runs(content)}
    columns = (part[column] for part in study.texts() for column in ("text", "title") if column in part)
    for text in map(str, chain.from_iterable(columns)):
        if name := next((held[run] for run in _runs(text) if run in held), None):
            why = f"{RUN} words in a row of an article would stand in it"
            raise ValueError(f"{name}: {why}. Use ids not made of titles.")
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, content)


def verify_deposit(folder: str | PathLike[str], articles: Articles | None = None) -> pd.DataFrame:
    """Whether each part of a deposit holds: a row a check, ``what, holds, found``.

    Each file is listed and has the hash that was written down; each table, certificate and figure comes out the
    same, byte for byte, when it is computed again. With ``articles`` (as read, with their texts) these are the
    texts of the study, and what was found in them comes out the same.

    Raises
    ------
    ValueError
        The folder is not a deposit.
    """
    target = Path(folder).expanduser()
    listed = _files(target)
    rows = [(f"{name} is as deposited", *_same_hash(target / name, hashed)) for name, hashed in listed]
    known = {name for name, _ in listed} | {CRATE}
    present = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    rows += [(f"{name} is listed", False, "not part of the deposit") for name in sorted(present - known)]
    if all(holds for _, holds, _ in rows):
        try:
            again = _computed(target)
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, MemoryError) as error:
            again, kind = {}, "" if type(error) is ValueError else f"{type(error).__name__}: "
            why = " ".join(f"{kind}{error}".split())  # files with the right hashes may hold anything
            rows.append(("it can be computed again", False, why))
        rows += [(f"{name} is listed", False, f"not in {CRATE}") for name in sorted(set(again) - known)]
        known_again = {name: text for name, text in again.items() if name in known}
        rows += [(f"{name} comes out the same", *_same(target / name, text)) for name, text in known_again.items()]
        if articles is not None:
            lexicon = an.read_lexicon(target / LEXICON)
            with temporary() as run:
                found, _ = _evidence(run(articles, lexicon), lexicon, settings_of(target))
            what = "comes out the same from the texts"
            rows += [(f"{name} {what}", *_same(target / name, text)) for name, text in found.items()]
    rows += [] if all(holds for _, holds, _ in rows) else _other_versions(target)
    return pd.DataFrame(rows, columns=["what", "holds", "found"])


def _evidence(study: Study, lexicon: Lexicon, settings: Settings) -> tuple[dict[str, str], dict[str, list[Any]]]:
    """What was found in the texts, as files without the texts; and the options of the curve."""
    read = evidence(study, lexicon, "deposit", settings.how.by)
    marked, passages, hits = read.articles, read.passages, read.hits
    whole = pd.concat([_hashed(part) for part in study.texts()])
    columns = [name for name in dict.fromkeys([*ARTICLE, *settings.control]) if name in marked]
    tables = {
        "articles": marked[columns].merge(whole, on="doc_id", how="left"),
        "passages": passages.assign(sha256=[text_hash(text) for text in passages["text"]])[list(PASSAGE)],
        "hits": hits[list(HIT)],
    }
    files = {f"{name}.csv": BOM + csv_text(table) for name, table in tables.items()}
    shares = an.frame_shares(hits, passages)
    claim = clearest(compared(shares, marked, how=settings.how, control=settings.control))
    if claim is None:
        return files, {}
    every = as_received(study, lexicon, settings) if settings.robustness else None
    texts, options = ways_to_read(marked, passages, claim, lexicon, every)
    table = readings(texts, lexicon, claimed(claim), options)
    late = {name: values for name, values in options.items() if name not in (*READ_BY, "lexicon")}
    return {**files, READINGS: BOM + csv_text(table)}, late


def _hashed(articles: pd.DataFrame) -> pd.DataFrame:
    """The hash of each text, of what cleaning left and what it removed; and of each title."""
    removed = ([f"{span['start']} {span['text']}" for span in spans] for spans in articles["removed"])
    texts = [text_hash("\n".join([text, *cut])) for text, cut in zip(articles["text"], removed, strict=True)]
    return articles[["doc_id"]].assign(text_sha256=texts, title_sha256=list(map(text_hash, articles["title"])))


def _computed(folder: Path) -> dict[str, str]:
    """What follows from what the deposit holds: tables as CSV, certificates, figures."""
    articles, passages, hits = (read_table(folder / f"{name}.csv") for name in FOUND)
    articles["date"] = pd.to_datetime(articles["date"])
    passages = passages.assign(text="", **{HASH: passages["sha256"].str[:LETTERS]})
    lexicon, settings = an.read_lexicon(folder / LEXICON), settings_of(folder)
    how = Inference(**asdict(settings.how) | {"by": "outlet"})
    held = pd.json_normalize(_settings(folder)).T.set_axis(["value"], axis=1).reset_index(names="setting")
    if strange := sorted(set(hits["frame"].astype("str")).difference(lexicon.labels)):
        raise ValueError(f"hits.csv: a frame that the lexicon does not have. Found: {strange[0]!r}.")
    hits = hits.astype({"frame": pd.CategoricalDtype(lexicon.labels)})
    shares = an.frame_shares(hits, passages)
    found = compared(shares, articles, how=how, control=settings.control)
    paths = sorted((folder / "certificates").glob("*.json"), key=lambda path: (len(path.name), path.name))
    certificates = [(f"certificates/{path.name}", one) for path in paths for one in an.read_certificates(path)]
    coded = [rows for rows in (one.coded(passages) for _, one in certificates if one.drawn) if "weight" in rows]
    single, tried = an.frame_shares(hits, passages, unit="passage"), _curve(folder, articles, found, how)
    tables = {
        "settings": held,  # so that none can be changed unseen where it moves no other table
        "shares": shares.reset_index(),
        "estimates": found.estimates,
        "omnibus": found.overall,
        "differences": found.differences,
        "influence": an.entry_influence(hits, passages, articles),
    }
    if coded:
        most = max(coded, key=len)
        tables["corrected"] = an.correct_shares(single, most, articles, passages=passages, how=how)
    if tried is not None:
        tables |= {"robustness": tried.table, "robustness-effects": tried.effects}
    figures = {f"figures/{name}.svg": svg_of(an.plot(result)) for name, result in _drawn(tables, tried).items()}
    recounted = {name: again.as_json() for name, one in certificates if (again := recomputed(one))}
    return {f"{name}.csv": BOM + csv_text(table) for name, table in tables.items()} | recounted | figures


def _curve(folder: Path, articles: pd.DataFrame, found: Compared, how: Inference) -> Robustness | None:
    claim = clearest(found)
    if claim is None or not (folder / READINGS).exists():
        return None
    options = _settings(folder)["options"]
    instrument = Readings(read_table(folder / READINGS))
    known = articles[articles["doc_id"].isin(instrument.table["doc_id"])].assign(text="")
    return an.robustness(known, instrument, claim, options=options, how=of_curve(how), cache=None, workers=1)


def _drawn(tables: Mapping[str, pd.DataFrame], tried: Robustness | None) -> dict[str, Any]:
    """The results that have a figure; of many outlets those with most stories."""
    shown = stories_of(tables["estimates"]).index[:OUTLETS]
    drawn: dict[str, Any] = {
        name: tables[name][tables[name]["outlet"].isin(shown)] for name in ("estimates", "influence")
    }
    drawn["differences"] = tables["differences"] if tables["differences"]["q"].notna().any() else pd.DataFrame()
    drawn = {name: table for name, table in drawn.items() if len(table)}
    return drawn if tried is None else drawn | {"robustness": tried}


def settings_of(folder: Path) -> Settings:
    """How the study of a deposit was made."""
    held = _settings(folder)
    try:
        how = Inference(**held["how"])
        found = Settings(how, tuple(held["control"]), held["robustness"], held["selection"])
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"{folder / SETTINGS}: not the settings of a deposit. Found: {error}.") from None
    if (draws := max(how.draws, how.relabelings)) > limit(most := "draws of a deposit"):
        raise ValueError(f"{folder / SETTINGS}: {draws:,} draws. {how_to_raise(most, draws)}")
    return found


def _settings(folder: Path) -> Any:
    return from_json((folder / SETTINGS).read_text("utf-8"))


def _other_versions(folder: Path) -> list[tuple[str, bool, str]]:
    """The packages of which another version is at work here than when the deposit was written."""
    try:
        then = dict(_settings(folder)["versions"])
    except (OSError, ValueError, LookupError, TypeError):  # missing or changed, as another row says
        return []
    return [
        (f"{name} is that of the deposit", False, f"here {here or 'none'}, there {then[name] or 'none'}")
        for name, here in versions(PACKAGES).items() if then.get(name, here) != here
    ]  # fmt: skip


def _crate(lexicon: Lexicon, kept: dict[str, str], published: str) -> str:
    """The metadata of an RO-Crate: what each file is, with its hash."""
    about = " and ".join(lexicon.about) or "any passage"
    parts = [
        {"@id": name, "@type": "File", "encodingFormat": KINDS[Path(name).suffix], "sha256": text_hash(content)}
        for name, content in sorted(kept.items())
    ]
    root = {
        "@id": "./", "@type": "Dataset", "name": f"How outlets frame {about}: {lexicon.name}",
        "description": "Places, hashes and figures of a study without its texts; framing verify checks them.",
        **({"datePublished": published} if published else {}),
        "hasPart": [{"@id": part["@id"]} for part in parts],
    }  # fmt: skip
    crate = {"@id": "https://w3id.org/ro/crate/1.1"}
    head = {"@id": CRATE, "@type": "CreativeWork", "conformsTo": crate, "about": {"@id": "./"}}
    return _json({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [head, root, *parts]})


def _files(folder: Path) -> list[tuple[str, str]]:
    try:
        graph = from_json((folder / CRATE).read_text("utf-8"))["@graph"]
        files = [(str(part["@id"]), str(part["sha256"])) for part in graph if part["@type"] == "File"]
        outside = [name for name, _ in files if not (folder / name).resolve().is_relative_to(folder.resolve())]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{folder}: this is not a deposit; {CRATE} cannot be read. Name its folder.") from error
    if outside:
        raise ValueError(f"{folder}: {CRATE} names a file outside the deposit. Found: {outside[0]!r}.")
    return files


def _same_hash(path: Path, expected: str) -> tuple[bool, str]:
    try:
        same = file_hash(path) == expected
    except OSError:  # or one whose name is too long to be looked for
        return False, "missing"
    return same, "" if same else "changed"


def _same(path: Path, text: str) -> tuple[bool, str]:
    """Whether a file holds this text, and else the first line that differs."""
    kept, again = ((path.read_text("utf-8") if path.exists() else "").splitlines(), text.splitlines())
    first = next((n for n, (one, other) in enumerate(zip_longest(kept, again)) if one != other), None)
    return first is None, "" if first is None else f"line {first + 1} differs"


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return (tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"
