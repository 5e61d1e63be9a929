"""Writes the certificates of the shipped lexicons from the coded passages: ``python data/gold/certify.py [NEWS]``.

The texts of one set are their outlets' copyright and are not part of the project. NEWS is that set with its texts;
without it the certificate that is there stays as it is.
"""

import sys
from pathlib import Path

import pandas as pd

import analysis as an

LEXICONS = Path(an.__file__).parent / "frames" / "lexicons"
MODEL = "a language model from the codebook, not by people"
FIRST = "News Articles and the five seed articles, read by the authors of the lexicon"
UNREAD = "not read by the authors of the lexicon"
SECOND = f"News Articles, February and March 2017, {UNREAD}"
OTHERS = f"US press, think tanks, state media and Kremlin transcripts, 2012 to 2026, {UNREAD}"


def main() -> None:
    written("russia-china", "first", an.load_example("coded"), FIRST)
    written("us-russia", "check", unread(an.load_example("us-russia")), SECOND)
    for path in sys.argv[1:]:
        written("russia-china", "check", unread(pd.read_csv(path)), OTHERS)


def unread(coded: pd.DataFrame) -> pd.DataFrame:
    """The passages that the authors of the lexicon had not read."""
    return coded[coded["part"] == "check"].reset_index(drop=True)


def written(lexicon: str, name: str, coded: pd.DataFrame, source: str) -> None:
    path = LEXICONS / f"{lexicon}.certificates" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    found = an.validate(coded, an.read_lexicon(lexicon))
    print(found.write(path, source=source, coded_by=MODEL, date="2026-11"))
    print(found.table.round(2).to_string(index=False))


if __name__ == "__main__":
    main()
