"""An X of one's own: the endpoints this product uses, over a small state, for demo and tests."""
