"""How large a lexicon may be: beyond these bounds it is refused with an error, never read without end.

The NRC emotion lexicon, 14,000 words in ten lists, is among the largest published: 140,000 patterns.
"""

MOST_TERMS = 250_000  # patterns of a dictionary
MOST_NODES = 1_000_000  # items of a YAML file, aliases (*name) written out
MOST_DEPTH = 100  # levels of nested keys, and of lists that use lists; no published dictionary has more than six
MOST_SHOWN = 80  # characters of a faulty value in an error
