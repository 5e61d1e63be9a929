"""A file of each kind that is read, small and undamaged: what ``benchmarks.fuzz`` damages."""

import gzip
import io
import json
from pathlib import Path

import pandas as pd
import yaml

from tests.corpus import fixtures as made

ARTICLES = pd.DataFrame({
    "doc_id": ["a", "b", "c"], "outlet": ["DW", "TASS", "RT"], "date": ["2017-01-02", "3 March 2017", ""],
    "title": ["Gas", "=1+1", "“Drills”"], "text": [
        "Russia and China signed a gas deal. They are partners.", "Moscow, Beijing\nhold drills; \"no\" allies.",
        "Россия и Китай торгуют. 俄罗斯和中国。"],
})  # fmt: skip
PAGE = "<html><head><title>Gas</title></head><body><article><h1>Gas</h1>{}</article></body></html>"
EXPORTS = yaml.safe_load((Path(__file__).parents[1] / "tests/cases/exports.yaml").read_text("utf-8"))


def files() -> dict[str, bytes]:
    """A file of each kind that is read, by how its name ends."""
    rows = ARTICLES.to_dict("records")
    parquet = io.BytesIO()
    ARTICLES.to_parquet(parquet)
    cells = [list(ARTICLES), *ARTICLES.to_numpy().tolist()]
    delimited = ARTICLES.to_csv(index=False).encode()
    page = PAGE.format("".join(f"<p>{text}</p>" for text in ARTICLES["text"]))
    pages = [("https://tass.com/1", 200, "text/html", page.encode())] * 2
    return {
        "csv": delimited,
        "tsv": ARTICLES.to_csv(sep="\t", index=False).encode(),
        "json": json.dumps(rows).encode(),
        "jsonl": "\n".join(map(json.dumps, rows)).encode(),
        "xlsx": made.xlsx({"S": cells[:3], "T": [cells[0], *cells[3:]]}),
        "parquet": parquet.getvalue(),
        "html": page.encode(),
        "txt": made.NEXIS.encode(),
        "gz": gzip.compress(delimited, mtime=0),
        "zip": made.zipped({"DW/a.txt": b"Russia and China.", "b.csv": delimited}),
        "docx": made.docx(made.NEXIS),
        "rtf": made.rtf(made.NEXIS),
        "pdf": made.pdf([made.PUTIN]),
        "warc": made.warc(pages),
        "arc": made.arc(pages),
        "eml": f"From: a@b.org\r\nSubject: Gas\r\nContent-Type: text/plain\r\n\r\n{made.NEXIS}".encode(),
        "factiva.html": made.factiva_html(made.FACTIVA).encode(),
        "proquest.txt": made.proquest(made.PROQUEST_TEXTS).encode(),
        "proquest.html": made.proquest_html(made.PROQUEST_TEXTS).encode(),
        **{
            one["name"]: one["content"]
            .replace("{T}", "Two countries signed a gas deal. Officials praised it.")
            .encode()
            for one in EXPORTS
        },
    }


FILES = files()
