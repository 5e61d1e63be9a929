"""Tokens, terms and concordances."""
