"""Topic models with one result shape."""
