"""Plain frozen values and rules: the vocabulary of every other floor. Stdlib only."""
