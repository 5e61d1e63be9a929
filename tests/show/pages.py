"""A small corpus with hostile texts, and the page that a reader sees."""

from html.parser import HTMLParser

import pandas as pd

from analysis.show.report.findings import find
from analysis.show.report.scrutiny import Settings
from analysis.study.study import temporary

PAIR = ("Russia", "China")


HOSTILE = "<script>alert('x')</script> & <img src=https://evil.example/x.png>"


STEERING = f"\u202eevil\u202c {'x' * 100_000}"


TEXTS = [
    (
        "TASS",
        "Russia and China deepened their strategic partnership. Russia and China held drills.",
    ),
    ("TASS", "Russia and China signed a gas contract. Trade between Russia and China grew."),
    ("BBC", "China and Russia are wary partners. Trade between Russia and China fell."),
    ("BBC", f"Russia and China will sign no formal alliance. {HOSTILE}"),
    (f"Evil {HOSTILE}", f"{HOSTILE} Russia and China are strategic partners {HOSTILE} {STEERING}."),
    ("Void", "It rained in Dublin."),
]


def corpus():
    return pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(len(TEXTS))],
            "outlet": [outlet for outlet, _ in TEXTS],
            "date": pd.to_datetime(["2017-02-01"] * (len(TEXTS) - 1) + [None]),
            "title": [HOSTILE] * len(TEXTS),
            "text": [text for _, text in TEXTS],
            "agency": "",
            "url": "https://example.org/a",
        }
    )


def corpora():
    return {"Pair": corpus(), "Without the pair": corpus().iloc[5:]}


def found_in(articles, lexicon, *, name="News", **settings):
    """The findings of a report on a table of articles."""
    with temporary() as run:
        return find(run(articles, lexicon), lexicon, Settings(**settings), name=name)


class Page(HTMLParser):
    """Tags with their attributes, and the text a reader sees."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.open, self.scripts = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "script" in self.open:
            self.scripts.append(data)
        elif "style" not in self.open:
            self.words.append(data)

    def text(self):
        return " ".join(" ".join(self.words).split())
