"""Passages that give orders to a model, so that a reader can look at their codes."""

import re
import unicodedata
from functools import cache

from analysis.corpus.files import shipped

# Written for models to read and not for people: unseen characters, and markers used in stored chats.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\U000e0000-\U000e007f]")
HIDDEN = re.compile("[\U000e0020-\U000e007f]{3,}")  # letters as tag characters, which no screen shows
CHAT = re.compile(
    r"<\|?/?(im_start|im_end|system|assistant|endoftext|eot_id|start_header_id)\|?>|\[/?inst\]|<<sys>>"
)


@cache
def _orders() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in shipped("analysis.frames.coders", "orders.yaml")))


def gives_orders(text: str) -> bool:
    """Whether a text seems to give orders to a model; it is coded like any other, and flagged."""
    plain = unicodedata.normalize("NFKC", UNSEEN.sub("", text)).casefold()
    plain = re.sub(r"[^\S\n]+", " ", plain)
    return bool(HIDDEN.search(text) or CHAT.search(plain) or _orders().search(plain.replace("’", "'")))
