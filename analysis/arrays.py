"""Names for the kinds of arrays that travel between functions."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int32]  # words of a corpus, of which there are many: half the memory of Ints
Places = NDArray[np.intp]  # positions as numpy's own functions return them
