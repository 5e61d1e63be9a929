"""Made-up articles for studies: copies, a repeated line, and a pair."""

import pandas as pd

import analysis as an

LEXICON = an.Lexicon(
    "tiny",
    ("trade", "arms"),
    (an.Entry("gas", "trade", ("gas", "oil")), an.Entry("drill", "arms", ("drill*",))),
    about=("Russia", "China"),
)
LINE = "Like our page and hear from us every day."
NEWS = ("Russia and China signed a gas deal.", "Russia and China held drills.", "Nothing was said about others.")


def topic(number, words=30):
    return " ".join(f"word{number}x{place}" for place in range(words))


def text(number):
    """An article of its own; every ninth is a copy of the one before, and TASS ends its articles with a line."""
    own = number - (number % 9 == 8)
    return f"{NEWS[own % 3]} The minister said so and that was it. {topic(own)}." + f" {LINE}" * (
        number % 2 and number < 40
    )


def rows(start, stop):
    numbers = range(start, stop)
    return pd.DataFrame({
        "outlet": [("DW", "TASS")[number % 2] for number in numbers],
        "date": [f"{number % 28 + 1}/{number % 9 + 1}/2017" for number in numbers],
        "title": [f"Item {number}" for number in numbers],
        "text": [text(number) for number in numbers],
    })  # fmt: skip
