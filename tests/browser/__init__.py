"""The reading desk in a browser: collected only when named."""
