"""This project and its peers on the same work, in one run. Figures are ratios: they travel between machines."""
