"""Readers, one file for each structure. Each returns a table, its rows numbered as a person counts them."""
