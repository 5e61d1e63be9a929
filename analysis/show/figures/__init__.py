"""Figures: a table or result in, Axes out; nothing is computed here."""
