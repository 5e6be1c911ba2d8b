"""Review the followers and following of a company's X account from the keyboard."""

__version__ = "0.1.0"
