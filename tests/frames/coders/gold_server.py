"""The recorded run of notebook 09: a server that answers from the two coders of the US–Russia codes.

``python -m tests.frames.coders.gold_server`` writes the record anew. The two coders are two passes of a language
model, asked when the codes were made; this server only repeats what they said, in the form of a reply.
"""

import json
from pathlib import Path

import pandas as pd

import analysis as an
from analysis.frames.coders.codebook import Codebook, reference
from tests.frames.coders.server import PASSAGE, completion, serving

FOLDER = Path(__file__).resolve().parents[3] / "data" / "gold"
RECORD = FOLDER / "us_russia_replies.jsonl"
PORT = 8765
MODELS = ["pass 1", "pass 2"]
PASSAGES = ["passage_id", "doc_id", "outlet", "date", "story_id", "text"]


def study() -> tuple[pd.DataFrame, Codebook, list[an.Endpoint]]:
    """The coded passages, their codebook, and the two coders."""
    coded = an.load_example("us-russia").rename(columns={"story": "story_id"})
    address = f"http://127.0.0.1:{PORT}/v1"
    return (
        coded,
        an.read_codebook(FOLDER / "codebook-us-russia.md"),
        [an.Endpoint(address, name, workers=1) for name in MODELS],
    )


def main() -> None:
    coded, book, models = study()
    given = coded.set_index(coded["text"].map(reference))
    given = given[~given.index.duplicated()]

    def answer(mark: str, text: str, model: str, _: str) -> tuple[int, bytes]:
        assert PASSAGE.search(f"[{mark}]\n{text}\n[{mark}]")
        row = given.loc[mark]
        codes = {label: int(row[f"{label}_coder{MODELS.index(model) + 1}"]) for label in book.labels}
        body = json.loads(completion(json.dumps({"passage": mark, "codes": codes})))
        return 200, json.dumps(body | {"model": "us_russia_codes.csv", "usage": {}}).encode()

    with serving(answer, port=PORT, named=True):
        an.code(coded[PASSAGES], book, model=models, record=RECORD)


if __name__ == "__main__":
    main()
