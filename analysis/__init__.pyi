from .compare.shares import compare_outlets as compare_outlets
from .compare.tests import test_outlets as test_outlets
from .corpus.copies import mark_copies as mark_copies
from .corpus.edits import compare_copies as compare_copies
from .text.tokens import tokenize as tokenize
