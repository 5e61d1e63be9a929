"""Passages to code by hand, as sheets, and the codes that come back."""
