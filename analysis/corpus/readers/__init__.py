"""One file a format. Each gives the table as it stands in the file, rows labelled as a person counts them."""
