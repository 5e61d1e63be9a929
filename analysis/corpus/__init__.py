"""Articles: read, cleaned, copies marked, cut into passages."""
