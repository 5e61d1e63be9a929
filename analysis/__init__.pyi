from .show.differences import plot_differences as plot_differences
from .show.heatmap import plot_heatmap as plot_heatmap
from .show.positions import plot_positions as plot_positions
from .show.shares import plot_shares as plot_shares
from .show.terms import plot_terms as plot_terms
from .show.topics import plot_topics as plot_topics
