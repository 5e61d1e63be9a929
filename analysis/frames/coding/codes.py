"""Codes as people write them, side by side, what most coders say, and coded passages as numbers."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.arrays import Flags, Floats, Ints
from analysis.corpus.tables import check_columns, missing_column

# As spreadsheets of several languages write TRUE and FALSE, and as people write yes and no.
YES = re.compile("yes|y|true|x|wahr|ja|j|vrai|oui|verdadero|sí|si|vero|verdadeiro|sim|да|истина|是|真|نعم|✓|✔")
NO = re.compile("no|n|false|falsch|nein|nej|nee|faux|non|falso|não|нет|ложь|否|假|لا|✗")
MARKS = {"x", "✓", "✔"}
ONLY_YES = "only yes is marked, so no and 'not coded' look alike"
CODERS = ("coder", "annotator", "rater", "judge")  # what a column of coders is called
NOT_CODED = ("", "na", "n/a", "nan", "<na>")  # how spreadsheets and statistics packages write a missing value
VALID = "A code is 1 or 0, yes or no, true or false, or missing."
UNITS = ("passage_id", "doc_id")
FORMS = (
    "Give the table of an.read_codes, or coded passages with columns such as war, war_coder1 and war_coder2. "
    "Columns called war_ann, war_bob? Write coders=['ann', 'bob']."
)
NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
WHOLE = re.compile(r"^(\d+)\.0$")
JOINED = re.compile(r"; |, |[;,|#/+&]")  # between several labels in one cell
SPLIT = 0.5  # as many coders said yes as no
WHERE = "coded passages"
# The widest that a table has: a reprint is not a second observation.
NAMES = (*UNITS, *CODERS, "label", "frame", "code", "class", "text", "note")
CLUSTERS = ("story", "story_id", "article", "doc_id")
PICKED = "picked"  # true where a reader chose the passage, having seen what the instrument found


class Votes(NamedTuple):
    """The coded passages (or articles), and for each label 1, 0 or NaN: a table of passages × coders."""

    units: pd.DataFrame
    codes: dict[str, pd.DataFrame]
    asked: dict[str, list[str]]  # of each column that was filled in: itself, or the classes to choose from


def as_codes(values: pd.Series, where: str) -> Floats:
    """1 for yes, 0 for no, NaN for missing, from codes as people write them; what 9 or 99 means is asked."""
    texts = [_plain(value) for value in values]
    codes = np.array([code_of(text) for text in texts], dtype=float)
    if (wrong := np.isnan(codes) & ~np.isin(texts, NOT_CODED)).any():
        row = int(wrong.argmax())
        value = values.tolist()[row]
        what = "is one of several classes, name the column 'class', or make a column per class: pd.get_dummies"
        if NUMBER.fullmatch(texts[row]) or not any(map(str.isalpha, texts[row])):
            what = f"means 'not coded', write it as missing: .replace({{{value!r}: None}})"
            if NUMBER.fullmatch(texts[row]):
                what += ". If numbers are classes, write a row per coder, with the number in a column 'class'"
        place = f"{where}: {values.name} has an invalid code in row {row} (from 0)"
        raise ValueError(f"{place}. Found: {value!r}. {VALID} If it {what}.")
    if MARKS & set(texts) and not (codes == 0).any():
        raise ValueError(f"{where}: {values.name}: {ONLY_YES}. Write 0 where it means no.")
    return codes


def code_of(text: str) -> float:
    """1 or 0 for a word or number that means it, else NaN."""
    word = text.strip().casefold()
    if NUMBER.fullmatch(word):
        return {1.0: 1.0, 0.0: 0.0}.get(float(word.replace(",", ".")), np.nan)
    return 1.0 if YES.fullmatch(word) else 0.0 if NO.fullmatch(word) else np.nan


def majority_codes(codes: pd.DataFrame, *, coders: Sequence[str] | None = None) -> pd.DataFrame:
    """Coded passages, ready for ``validate``: a row per passage, a column per label with what most coders said.

    Parameters
    ----------
    codes : DataFrame
        From ``read_codes``, or any table of ``passage_id, coder, label, code``. A column ``class`` in place of
        ``code`` holds one of several classes; each class then becomes a label.
    coders : list of str, optional
        Who coded, if the columns of a wide table end in their names: ``war_ann``.

    Returns
    -------
    DataFrame
        The columns of the passage; each coder's code, as ``war_coder_ann``; the majority as ``war``: 1, 0 or
        missing; and ``tied``, the labels on which as many said yes as no. Settle these; ``validate`` and
        ``correct_shares`` count those that were left both ways.

    Examples
    --------
    >>> codes = pd.DataFrame({"passage_id": ["a", "a", "b", "b"], "coder": ["ann", "bob"] * 2, "label": "war",
    ...                       "code": [1, 1, 0, 1]})
    >>> majority_codes(codes)
      passage_id  war_coder_ann  war_coder_bob   war tied
    0          a              1              1     1
    1          b              0              1  <NA>  war
    """
    votes = side_by_side(codes, coders)
    table = votes.units.copy()
    for label, given in votes.codes.items():
        for coder in map(str, given):
            own = coder if coder.startswith("coder") else f"coder_{coder}"
            table[f"{label}_{own}"] = given[coder].astype("Int64")
    means = {label: given.mean(axis=1) for label, given in votes.codes.items()}
    yes = (pd.DataFrame(means, index=table.index) * 2 - 1).apply(np.sign) / 2 + SPLIT  # one half for a tie
    ties = [", ".join(yes.columns[row]) for row in (yes == SPLIT).to_numpy()]
    table[yes.columns.tolist()] = yes.mask(yes == SPLIT).astype("Int64")
    return table.assign(tied=pd.Series(ties, index=table.index, dtype="str"))


def votes(codes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Passages × labels: the share of coders who said yes, and how many gave a code."""
    found = side_by_side(codes)
    index = pd.Index(found.units[next(name for name in UNITS if name in found.units)].astype("str"))
    share = pd.DataFrame({label: given.mean(axis=1) for label, given in found.codes.items()})
    count = pd.DataFrame({label: given.notna().sum(axis=1) for label, given in found.codes.items()})
    return share.set_axis(index), count.set_axis(index)


def side_by_side(codes: pd.DataFrame, coders: Sequence[str] | None = None) -> Votes:
    """Each coder's codes of each label, from a long table or from one with columns such as ``war_coder1``."""
    codes = plainly_named(codes)
    who = next((name for name in CODERS if name in codes), None)
    if who == "coder" or (who and {"code", "class"} & set(codes)):
        return _from_long(codes.rename(columns={who: "coder"}))
    if coders and all(name in codes for name in coders):  # a column per coder, as `annotator1`
        return _votes(codes, {"code": codes[list(coders)]})
    given = {label: codes[names] for label, names in coder_columns(codes, coders).items()}
    ends = [str(name) for table in given.values() for name in table]
    if ends and (absent := [one for one in coders or () if not any(end.endswith(f"_{one}") for end in ends)]):
        raise missing_column(codes, f"…_{absent[0]}", where="codes", hint="coders= has the ends of their names.")
    if not given:
        found = ", ".join(map(str, codes))
        hint = f"In a table with a row for each {who} it is called 'code'." if who else FORMS
        raise ValueError(f"codes: no column holds what one coder said. Found: {found}. {hint}")
    return _votes(codes, given)


def coder_columns(coded: pd.DataFrame, coders: Sequence[str] | None = None) -> dict[str, list[str]]:
    """The columns in which single coders coded each label: ``war_coder1``, or ``war_ann`` if ann is a coder."""
    columns: dict[str, list[str]] = {}
    for name in map(str, coded):
        label, mark, _ = name.rpartition("_coder")
        if mark and label:
            columns.setdefault(label, []).append(name)
        for coder in coders or ():
            if name.endswith(f"_{coder}"):
                columns.setdefault(name.removesuffix(f"_{coder}"), []).append(name)
    return columns


def is_classes(given: pd.DataFrame, label: str) -> bool:
    """Whether coders chose one of several classes: a column ``class`` says so, or codes that are all words."""
    values = {text for column in given for text in map(_plain, given[column])} - set(NOT_CODED)
    words = all(np.isnan(code_of(text)) and not NUMBER.fullmatch(text) for text in values)
    return label == "class" or (words and bool(values))


def _from_long(codes: pd.DataFrame) -> Votes:
    unit = next((name for name in UNITS if name in codes), UNITS[0])
    value = "class" if "class" in codes else "code"
    check_columns(codes, [unit, value], where="codes", hint="Give the table of an.read_codes.")
    label = next((name for name in ("label", "frame") if name in codes), "label")
    codes = codes if label in codes else codes.assign(label=value)
    for name in (unit, "coder", label):
        if (empty := codes[name].map(_text).eq("").to_numpy()).any():
            where = f"{name} is missing in row {empty.argmax()} (from 0)"
            raise ValueError(f"codes: {where}. Write it, or drop the row.")
    keys = pd.DataFrame({"unit": map(_text, codes[unit]), "coder": _alike(codes["coder"]),
                         "label": _alike(codes[label]), "code": codes[value].to_numpy(object)})  # fmt: skip
    if (twice := keys.duplicated(["unit", "coder", "label"])).any():
        row = keys[twice].iloc[0]
        what = f"{row['coder']} coded {row['unit']!r} twice for {row['label']}"
        raise ValueError(f"codes: {what}. Keep one of the rows.")
    gaps = len(keys) < math.prod(keys[["unit", "coder", "label"]].nunique())
    if gaps and value == "code" and all(code_of(_plain(code)) == 1 for code in keys["code"]):
        raise ValueError(f"codes: {ONLY_YES}. Add a row of code 0 for what a coder read and did not mark.")
    units = codes.drop(columns=["coder", value, "note", label], errors="ignore").set_axis(keys.index)
    units = units[~keys["unit"].duplicated()].reset_index(drop=True)
    wide = keys.pivot(index="unit", columns=["label", "coder"])["code"]  # noqa: PD010 - the other drops missing codes
    wide = wide.reindex(keys["unit"].unique()).set_axis(units.index)
    coders = sorted(keys["coder"].unique())
    return _votes(units, {name: wide[name].reindex(columns=coders) for name in keys["label"].unique()})


def _votes(units: pd.DataFrame, given: dict[str, pd.DataFrame]) -> Votes:
    """What coders wrote, checked; a choice among classes has a label per class."""
    asked, codes = {label: [label] for label in given}, dict[str, pd.DataFrame]()
    for label, table in given.items():
        if is_classes(table, label):
            cells = [None if _plain(cell) in NOT_CODED else cell for cell in table.to_numpy(object).ravel()]
            words = pd.DataFrame(np.reshape(_alike(cells), table.shape), table.index, table.columns)
            asked[label] = sorted(set(words.to_numpy().ravel()) - {""})
            _refuse_joined(asked[label], asked[label], "codes")
            codes |= {name: (words == name).astype(float).mask(words == "") for name in asked[label]}
        else:
            read = {coder: as_codes(table[coder].rename(f"{label} ({coder})"), "codes") for coder in table}
            codes[label] = pd.DataFrame(read, index=units.index)
    return Votes(units, codes, asked)


def _text(value: object) -> str:
    """As sheets keep it, without blanks around it and 7 for 7.0; empty where missing."""
    return "" if value is None or value is pd.NA or value != value else WHOLE.sub(r"\1", str(value).strip())


def _plain(value: object) -> str:
    return _text(value).casefold()


def _alike(cells: Iterable[object]) -> list[str]:
    """Words in one spelling, whatever their case."""
    texts = [*map(_text, cells)]
    spelled = {text.casefold(): text for text in sorted(texts)}
    return [spelled[text.casefold()] for text in texts]


@dataclass(frozen=True)
class Judged:
    """What was judged of some passages (rows) and labels (columns)."""

    codes: Floats  # 1, 0, one half where coders are tied, NaN where nobody coded
    weights: Floats  # how many passages each one stands for
    strata: Ints
    clusters: Ints
    picked: Flags

    @classmethod
    def of(cls, coded: pd.DataFrame, labels: Sequence[str], groups: "pd.Series[Any] | Ints") -> "Judged":
        """Coded passages as numbers; those of one group are one observation."""
        stratum = coded["stratum"].astype("str") if "stratum" in coded else np.zeros(len(coded))
        picked = as_codes(coded[PICKED], WHERE) == 1 if PICKED in coded else np.zeros(len(coded), dtype=bool)
        strata, numbers = (pd.factorize(each, sort=True)[0].astype("int64") for each in (stratum, groups))
        return cls(codes_of(coded, labels), weights_of(coded), strata, numbers, picked)

    def at(self, rows: Flags) -> "Judged":
        return Judged(**{name: part[rows] for name, part in vars(self).items()})

    def weights_of(self, column: int) -> Floats:
        """Weights for one label: passages without a code are stood for by the others of their stratum."""
        coded = ~np.isnan(self.codes[:, column])
        given = np.bincount(self.strata, self.weights * coded)
        factor = np.bincount(self.strata, self.weights) / np.where(given > 0, given, np.inf)
        return np.where(coded, self.weights * factor[self.strata], 0.0)


def judged(coded: pd.DataFrame, labels: Sequence[str], cluster: str | None = None) -> tuple[Judged, str]:
    """The coded passages as numbers, and the column that groups them (``passage`` where none does)."""
    coded = with_classes(coded, labels)
    hint = "A column 'text' and a column of codes for each label are needed."
    check_columns(coded, ["text", *labels], where=WHERE, hint=hint)
    if coded.empty:
        raise ValueError(f"{WHERE}: the table is empty, so nothing can be measured.")
    if "passage_id" in coded and (twice := coded["passage_id"].duplicated()).any():
        what = f"passage {coded['passage_id'][twice].iloc[0]!r} has several rows, so it would count several times"
        remedy = "Keep one; of several coders, write columns coder, label and code."
        raise ValueError(f"{WHERE}: {what}. {remedy}")
    groups = clusters(coded, cluster)
    return Judged.of(coded, labels, groups), str(groups.name)


def plainly_named(codes: pd.DataFrame) -> pd.DataFrame:
    """The table with our names of its columns in lower case, as people write "Coder" and "Code"."""
    own = {name: str(name).strip().casefold() for name in codes}
    return codes.rename(columns={name: new for name, new in own.items() if new in NAMES and new not in codes})


def codes_of(coded: pd.DataFrame, labels: Sequence[str]) -> Floats:
    """Passages × labels: 1, 0, one half where the column ``tied`` names the label, NaN where nobody coded."""
    columns = [as_codes(coded[label], WHERE) for label in labels]
    codes = np.column_stack(columns) if columns else np.zeros((len(coded), 0))
    if "tied" in coded:
        ties = [set(str(names).split(", ")) for names in coded["tied"].fillna("")]
        tied = np.array([[label in names for label in labels] for names in ties]).reshape(codes.shape)
        codes = np.where(tied & np.isnan(codes), SPLIT, codes)
    return codes


def with_classes(coded: pd.DataFrame, labels: Sequence[str]) -> pd.DataFrame:
    """The table with a column per label, where it has a row per coder, or one column of labels."""
    coded = plainly_named(coded)
    if "code" in coded and set(CODERS) & set(coded):
        coded = majority_codes(coded)
    column = next((name for name in ("class", "label", "frame", "code") if name in coded), None)
    if column is None or any(label in coded for label in labels):
        return coded
    words = coded[column].map(_plain)
    _refuse_joined(words, map(str.casefold, labels), WHERE)
    found = {label: words.eq(label.casefold()).astype(float).mask(words.isin(NOT_CODED)) for label in labels}
    if not any(one.eq(1).any() for one in found.values()):
        return coded
    unit = next((name for name in UNITS if name in coded), column)
    if column == "class" and set(CODERS) & set(coded) and coded[unit].duplicated().any():
        others = [name for name in coded if name != column]
        return majority_codes(coded.assign(**found).melt(others, [*labels], "label", "code"))
    return coded.assign(**found)


def _refuse_joined(classes: Iterable[str], known: Iterable[str], where: str) -> None:
    """Refuses a class that is several of those known: the passage would have none of them."""
    single = set(known)
    for one in classes:
        if (sign := JOINED.search(one)) and set(map(str.strip, one.split(sign[0]))) <= single:
            remedy = f"Make a column of 0 and 1 for each: .str.get_dummies({sign[0]!r})."
            raise ValueError(f"{where}: a passage has one class. Found: {one!r}, which names several. {remedy}")


def clusters(coded: pd.DataFrame, cluster: str | None) -> "pd.Series[Any]":
    """What is one observation, named as its column; each passage for itself where no column groups them."""
    name = cluster or next((name for name in CLUSTERS if name in coded), None)
    if name is None:
        return pd.Series(range(len(coded)), name="passage")
    check_columns(coded, [name], where=WHERE, hint="cluster= names the column of articles or stories.")
    if coded[name].isna().any():
        row = int(coded[name].isna().to_numpy().argmax())
        raise ValueError(f"{WHERE}: {name} is missing in row {row} (from 0). Write where the passage is from.")
    return coded[name].reset_index(drop=True)


def weights_of(coded: pd.DataFrame) -> Floats:
    """How many passages each one stands for: ``weight``, or one over ``probability``, or 1."""
    name = next((name for name in ("weight", "probability") if name in coded), None)
    if name is None:
        if "stratum" in coded:
            hint = "They were drawn from strata: without it recall is far too high. Merge it from the sample."
            raise missing_column(coded, "weight", where=WHERE, hint=hint)
        return np.ones(len(coded))
    values = pd.to_numeric(coded[name], errors="coerce").to_numpy(dtype=float)
    wrong = ~(np.isfinite(values) & (values > 0)) | ((name == "probability") & (values > 1))
    if wrong.any():
        row, bounds = int(wrong.argmax()), "above 0" if name == "weight" else "above 0 and at most 1"
        what = f"{name} must be a number {bounds}, as an.sample_to_code gives it"
        found = f"{coded[name].tolist()[row]!r} in row {row} (from 0)"
        raise ValueError(f"{WHERE}: {what}. Found: {found}. Drop the column to count each passage once.")
    return np.asarray(values if name == "weight" else 1 / values)
