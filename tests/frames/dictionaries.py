"""What tests of formats share: the terms of a lexicon, and where a refusal of too many phrases ends."""

FORMS = "The limit is 1,000 phrases for one pattern; FRAMING_LIMITS=2 in the environment raises it."


def terms(lexicon):
    return {(entry.frame, pattern, entry.weight) for entry in lexicon.entries for pattern in entry.match}
