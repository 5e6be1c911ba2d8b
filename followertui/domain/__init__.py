"""Plain frozen values and rules: the vocabulary every other floor speaks. Stdlib only."""
