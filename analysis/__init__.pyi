from .compare.shares import compare_outlets as compare_outlets
from .text.tokens import tokenize as tokenize
