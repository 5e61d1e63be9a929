"""The reading desk: from any number to the sentences behind it."""
