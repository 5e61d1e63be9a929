"""The written form of a lexicon: read, checked, told."""
