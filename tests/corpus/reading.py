"""What the readers make of a file written for the occasion."""

import pandas as pd
import pytest

import analysis as an

DAYS = [pd.Timestamp("2017-02-06"), pd.Timestamp("2017-02-05"), pd.Timestamp("2017-02-06")]
UNKNOWN = (
    ": item 1 has a field {0!r}, which no {1} export had when this reader was written. "
    "Say where it belongs with columns={{'my_name': {0!r}}}, and please report it."
)


def read(tmp_path, name, content, **options):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path, an.read_articles(path, **options)


def refusal(tmp_path, name, content, **options):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match=r".") as error:
        an.read_articles(path, **options)
    return str(error.value).removeprefix(str(path))


def sums(articles):
    """Seen, parsed, unparsed – and what the tables hold."""
    audit = articles.attrs["audit"]
    assert audit["seen"] == audit["parsed"] + audit["unparsed"]
    assert (len(articles), len(articles.attrs["unparsed"])) == (audit["parsed"], audit["unparsed"])
    return audit["seen"], audit["parsed"], audit["unparsed"]
