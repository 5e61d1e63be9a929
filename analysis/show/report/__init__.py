"""The report: findings of each corpus as sentences, figures, tables and evidence in one file."""
