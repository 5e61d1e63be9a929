"""Models as coders: the codebook that people get, asked of a model, with every reply kept."""
