from .text.tokens import tokenize as tokenize
