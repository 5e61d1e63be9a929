"""The command ``framing certify``: passages of a corpus, coded, and what they show of the lexicon."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from shlex import join
from typing import Any
from zlib import crc32

import click
import numpy as np
import pandas as pd

import analysis as an
from analysis.corpus.files import check_place, write_whole
from analysis.frames.coders.codebook import meanings
from analysis.frames.coding.certificate import ENDING
from analysis.frames.coding.codes import PICKED, codes_of
from analysis.frames.coding.read_sheets import design, sheet_files
from analysis.frames.coding.sample import CODEBOOK, DESIGN, ID, NOTE, coder_names, csv_sheet, sheet_rows, workbook
from analysis.frames.lexicon import Lexicon
from analysis.numbers import as_printed, counted
from analysis.shell import FILE, PATH, READING, command, printable, safe_lines, say, taking

from .command import LEXICON, is_given, lexicon_and_pair, source_of, studied

FEWEST = 10  # passages to draw; of fewer, intervals say nothing
ENOUGH = 50  # coded passages, from which on a certificate is written although more were drawn; the help says it
ANEW = "Move the folder to draw new ones."
ANSWERS = {"y": "1", "n": "0", "s": "na"}
NEAR = 300  # characters shown before and after a passage, in whole words
BROKEN_FIRST, BROKEN_LAST = r"^\S{0,30}\s", r"\s\S{0,30}$"  # of scripts without spaces nothing is a word


@command("certify")
@click.argument("file", type=PATH)
@taking(*LEXICON)
@click.option("-n", default=100, show_default=True, type=click.IntRange(min=FEWEST),
              help=f"Passages to draw: {ENOUGH} to 200; of fewer, down to {FEWEST}, "
                   "intervals are wide.")  # fmt: skip
@click.option("--coder", default="coder1", show_default=True,
              help="Who answers; each coder has a sheet of their own.")  # fmt: skip
@click.option("--sheet", type=FILE, metavar="FILE",
              help="Write a sheet to fill in, .csv or .xlsx, instead of asking here.")  # fmt: skip
@click.option("--codes", multiple=True, type=click.Path(path_type=Path, exists=True), metavar="FILE",
              help="Sheets that were filled in, or what was marked at the desk. Repeat for more.")  # fmt: skip
@click.option("--coded-by", default="", metavar="WHO", help="Who coded, as reports say it: 'two students'.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Which passages are drawn.")
@click.option("-o", "--output", type=FILE, metavar="FILE",
              help="The certificate; by default beside FILE, where `framing report` finds it.")  # fmt: skip
@taking(*READING)
def certify(file: Path, **given: Any) -> None:
    """Measure a lexicon on passages of FILE that you code: precision and recall that belong to these texts.

    Passages are drawn at random from each outlet, with each frame and without a hit. They are shown one by one
    with what surrounds them and what the codebook says. Answer y (yes), n (no), s (cannot tell) or q (quit): each
    answer is saved in a folder beside FILE (news.coding for news.csv), and the same command goes on from there.
    From 50 coded passages on, or all where fewer were drawn, the certificate is written. `framing report FILE`
    then also prints shares without the measured error, and those by your codes alone.
    """
    target, folder = given["output"] or file.with_suffix(ENDING), file.with_suffix(".coding")
    check_place(target)
    check_place(folder, folder=True)
    if sheet := given["sheet"]:
        if sheet.suffix.lower() not in (".csv", ".xlsx"):
            raise ValueError(f"--sheet: a sheet ends in .csv or .xlsx. Found: {sheet.name}.")
        if sheet.exists():
            raise FileExistsError(f"--sheet: {sheet} exists already. Move it, or name another file.")
        check_place(sheet)
    study = _study(file, given)
    if sheet:
        study.write_sheet(sheet, given["seed"])
        words = ["--codes", str(sheet), *(["-o", str(target)] if given["output"] else [])]
        say(f"{sheet}: {len(study.sample)} passages. Fill it in, then: {study.command('certify', *words)}")
        return
    codes = list(given["codes"]) or study.coded_here(given["coder"], given["seed"])
    for line in study.certified(codes, target, given["coded_by"]) if codes else ():
        say(line)


def _study(file: Path, given: dict[str, Any]) -> "Study":
    """The corpus as the report reads it, and the passages that were drawn from it before, or now."""
    from .findings import NothingToReport, evidence, no_passage
    from .instrument import instrument

    coder_names([given["coder"]])  # refuses what cannot name a sheet
    used = instrument(*lexicon_and_pair(given)).lexicon
    everything = {"first": None, "last": None, "outlets": ()}
    with studied({"": source_of(file, given)}, {"": used}, everything) as (studies, _):
        found = evidence(studies[""], used, file.stem)
    marked, passages, folder = found.articles, found.passages, file.with_suffix(".coding")
    if found.unread:
        say(f"framing: {found.unread}", err=True)
    if passages.empty:
        raise NothingToReport(f"{file}: {no_passage(found, used)}")
    draw = partial(an.sample_to_code, passages, used, articles=marked, coders=[given["coder"]],
                   **{name: given[name] for name in ("n", "seed")})  # fmt: skip
    if not (before := (folder / DESIGN).exists()):
        draw(path=folder)
    sample = design([folder])
    assert sample is not None  # it was there, or is now
    there = passages.astype({"passage_id": "str"}).set_index("passage_id")["text"].reindex(sample["passage_id"])
    if there.fillna("").tolist() != sample["text"].tolist() or not set(used.labels) <= set(sample):
        what = "its passages were drawn from other articles, or for another lexicon"
        raise ValueError(f"{folder}: {what}. {ANEW}")
    if len(sample) < ENOUGH:
        what = f"{counted(len(sample), 'passage')} to code; of fewer than {ENOUGH}, intervals are wide"
        say(f"framing: {folder}: {what}.", err=True)
    if before and (is_given("n") or is_given("seed")) and set(draw()["passage_id"]) != set(sample["passage_id"]):
        what = f"{len(sample)} passages were drawn before, and these are used: -n and --seed draw no others"
        say(f"framing: {folder}: {what}. {ANEW}", err=True)
    return Study(file, used, marked, passages, folder, sample, _asked(given))


def _asked(given: dict[str, Any]) -> list[str]:
    """The lexicon, the pair and how to read the file, as they were asked for."""
    asked = ["--lexicon", str(given["lexicon"])] * is_given("lexicon") + ["--no-pair"] * given["no_pair"]
    asked += ["--about", *given["about"]] if given["about"] else []
    asked += [word for column in given["columns"] for word in ("--column", column)]
    return asked + (["--encoding", given["encoding"]] if given["encoding"] else [])


@dataclass(frozen=True)
class Study:
    """A corpus, its lexicon, and the passages drawn to be coded, in the folder in which they are."""

    file: Path
    lexicon: Lexicon
    articles: pd.DataFrame
    passages: pd.DataFrame
    folder: Path
    sample: pd.DataFrame
    asked: list[str]

    def command(self, name: str, *words: str) -> str:
        """Another command on the same articles, as a shell takes it."""
        return join(["framing", name, str(self.file), *self.asked, *words])

    @property
    def labels(self) -> list[str]:
        return list(self.lexicon.labels)

    def write_sheet(self, path: Path, seed: int) -> None:
        """A sheet for one coder, passages in an order of their own."""
        order = np.random.default_rng([seed, crc32(path.stem.encode())]).permutation(len(self.sample))
        rows = self.sample.drop(columns=self.labels, errors="ignore").iloc[order]
        codebook = (self.folder / CODEBOOK).read_text("utf-8-sig")
        as_csv = path.suffix.lower() == ".csv"
        write_whole(path, csv_sheet(rows, self.labels) if as_csv else workbook(rows, self._known(), codebook))

    def coded_here(self, coder: str, seed: int) -> list[Path]:
        """The sheets in the folder, once passages were answered on this terminal; none while too few were."""
        path = self.folder / f"{coder}.csv"
        if not path.exists():
            self.write_sheet(path, seed)
        rows = sheet_rows(path).reset_index(drop=True)
        known, said, before = self._known(), meanings(self.labels, self.folder), -1
        for at, label in _unanswered(rows, self.labels):
            if at != before:
                say("\n".join(["", f"Passage {at + 1} of {len(rows)}", *self._shown(rows["passage_id"][at])]))
            meant = said[label] or known.get(label) or "(no definition yet: write one in codebook.md)"
            answer, before = _answer(f"\n{label}: {meant}\n  carries {label}? y/n/s/q"), at
            if answer == "q":
                break
            rows.loc[at, label] = ANSWERS[answer]
            write_whole(path, csv_sheet(rows, self.labels))
        done = len(rows) - len({at for at, _ in _unanswered(rows, self.labels)})
        if lacking := self.too_few(done):
            say(f"\n{lacking} They are kept in {path}. Run the same command again to go on.")
            return []
        inside = [path for path in sorted(self.folder.iterdir()) if path.suffix in (".csv", ".xlsx")]
        return [path for path in inside if path.name != DESIGN]

    def too_few(self, done: int) -> str:
        """How many of the passages drawn are coded, where these are too few for a certificate; else nothing."""
        n, enough = len(self.sample), min(ENOUGH, len(self.sample))
        said = f"{done} of {n} passages are coded. From {enough} on a certificate is written."
        return said if done < enough else ""

    def _known(self) -> dict[str, str]:
        """What the lexicon says of each frame."""
        return {frame.name: frame.meaning for frame in self.lexicon.labelled}

    def _shown(self, passage_id: str) -> list[str]:
        """A passage with its title and what surrounds it, but not its outlet."""
        place = self.passages[self.passages["passage_id"].eq(passage_id)].iloc[0]
        article = self.articles[self.articles["doc_id"].eq(place["doc_id"])].iloc[0]
        text, start, end = article["text"], int(place["start"]), int(place["end"])
        before, after = text[max(start - NEAR - 1, 0) : start], text[end : end + NEAR + 1]
        before = re.sub(BROKEN_FIRST, "", before) if start > NEAR else before
        after = re.sub(BROKEN_LAST, "", after) if len(after) > NEAR else after
        parts = {"Title: ": article.get("title", ""), "… ": before, ">>> ": place["text"], "    ": after}
        flat = {mark: " ".join(str(part).split()) for mark, part in parts.items()}
        return [printable(f"{mark}{part}") for mark, part in flat.items() if part]

    def certified(self, codes: list[Path], target: Path, coded_by: str) -> Iterator[str]:
        """What was measured, in lines, once the certificate is written."""
        from ..measured import measure

        coded = self._coded(codes)
        found = an.validate(coded, self.lexicon)
        coded_by = coded_by or _named_before(target, found.coders)
        who = coded_by or ", ".join(found.coders)
        written = {"source": self.file.name, "coded_by": who, "date": date.today().isoformat()}
        found.write(target, **written)
        for _, row in found.table.iterrows():
            figures = ", ".join(f"{name} {measure(row, name)}" for name in ("precision", "recall", "f1"))
            yield f"{row['label']}: {figures} ({row['positives']} of {row['n']} passages carry it)"
        for _, row in found.agreement.iterrows():
            yield f"{row['label']}: Krippendorff's alpha of the coders {measure(row, 'alpha')}"
        yield from found.notes
        yield from self._classifier(coded, target, written)
        beside = [] if target == self.file.with_suffix(ENDING) else ["--certificate", str(target)]
        by = f"coded by {who or '…'}{'' if coded_by else ' (--coded-by gives the name that reports print)'}"
        yield f"{target}: measured on {found.n} passages of {self.file.name}, {by}."
        yield f"Next: {self.command('report', *beside)}"

    def _coded(self, paths: list[Path]) -> pd.DataFrame:
        """The coded passages: sheets of those that were drawn, or a table of passages marked at the desk."""
        from .instrument import read_coded

        if len(paths) > 1 or paths[0].is_dir() or NOTE in sheet_rows(paths[0]):
            codes = an.majority_codes(an.read_codes(paths, self.sample))
            rows = pd.concat([sheet_rows(path) for path in sheet_files(paths)])
            cells = rows.reindex(columns=[*self.labels, NOTE]).fillna("")
            done = rows.loc[cells.map(lambda cell: bool(cell.strip())).any(axis=1), ID].nunique()
        else:
            marked = read_coded(paths[0], self.labels)
            drawn, own = set(self.sample[ID]), set(marked.get(ID, pd.Series()).astype("str"))
            if not (drawn <= own or (own and own <= drawn and PICKED not in marked)):
                return marked
            given = marked.astype({ID: "str"})[[ID, *self.labels]]
            codes = self.sample.drop(columns=self.labels).merge(given, on=ID, how="left")
            done = int(np.isfinite(codes_of(codes, self.labels)).any(axis=1).sum())
        if lacking := self.too_few(done):
            where = ", ".join(path.name for path in paths)
            raise ValueError(f"{where}: {lacking} Code more; where you cannot tell, say so in the note.")
        return codes

    def _classifier(self, coded: pd.DataFrame, target: Path, written: dict[str, str]) -> Iterator[str]:
        """Whether a classifier trained on these codes does better on stories held out; its own certificate."""
        from analysis.frames.classifier.train import MACRO

        try:
            learned = an.train_classifier(coded, self.lexicon)
        except ValueError as reason:
            yield f"No classifier was trained: {reason}"
            return
        yield (
            "Beside a classifier (F1 of the lexicon can differ from that above, which weights passages by how "
            "they were drawn; here each counts the same):"
        )
        named = {"classifier": "classifier", "lexicon": "lexicon", "words": "plain TF-IDF model"}
        for _, row in learned.verdicts.iterrows():
            shown = ", ".join(f"{name} {as_printed(row[column])}" for column, name in named.items())
            what = "Macro F1" if row["label"] == MACRO else f"{row['label']}, F1"
            yield f"{what} on stories held out: {shown}. {row['verdict']}"
        path = target.with_name(target.name.replace(".certificate", ".classifier"))
        assert learned.validation is not None
        learned.validation.write(path, **written)
        yield f"{path}: the certificate of the classifier"


def _named_before(target: Path, coders: tuple[str, ...]) -> str:
    """What the same coders were called before, if anything but the names of their sheets."""
    with suppress(OSError, ValueError):  # none was written there, or something else, which is replaced
        (before,) = an.read_certificates(target)
        if before.coders == coders and before.coded_by != ", ".join(coders):
            return before.coded_by
    return ""


def _unanswered(rows: pd.DataFrame, labels: list[str]) -> list[tuple[int, str]]:
    return [(at, label) for at in rows.index for label in labels if not str(rows.loc[at, label]).strip()]


def _answer(question: str) -> str:
    """y, n, s or q; the end of the input is q."""
    while True:
        try:
            given = click.prompt(safe_lines(question), prompt_suffix=" ", default="", show_default=False)
        except click.Abort:
            return "q"
        if (answer := str(given).strip().lower()[:1]) in (*ANSWERS, "q"):
            return answer
        say("  Answer y (yes), n (no), s (cannot tell) or q (quit).")
