"""A neural-network playground: a NumPy engine, live in the browser."""

__version__ = "0.1.0"
