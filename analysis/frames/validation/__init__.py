"""How often the lexicon is right."""
