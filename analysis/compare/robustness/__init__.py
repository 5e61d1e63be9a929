"""One claim measured in every defensible way."""
