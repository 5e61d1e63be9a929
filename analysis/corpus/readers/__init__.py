"""A file for each structure. Each reader gives a table, its rows labelled as a person counts them."""
