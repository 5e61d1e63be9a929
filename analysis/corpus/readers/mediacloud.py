"""Media Cloud's list of stories: a table without texts, to which texts may be joined by story id."""

from .delimited import read_delimited
from .source import Rows, Source

IDS = ("id", "stories_id")  # the new export's name and the old one's
OURS = {"media_name": "outlet", "publish_date": "date", "story_text": "text"}


def read_mediacloud(source: Source) -> Rows:
    """The stories as rows; ``text`` is empty where the export has no such column."""
    rows = read_delimited(source)
    identity = next(name for name in IDS if name in rows.table)
    named = {theirs: ours for theirs, ours in OURS.items() if ours not in rows.table} | {identity: "doc_id"}
    table = rows.table.rename(columns=named)
    return Rows(table if "text" in table else table.assign(text=""), rows.encoding, rows.unparsed)
