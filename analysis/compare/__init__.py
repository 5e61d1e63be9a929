"""Outlets compared, with stories as the unit of inference."""
