"""Property tests draw the same examples at every run, and are never judged by the clock of a busy machine."""

import os

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=500)  # HYPOTHESIS_PROFILE=thorough make check
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
