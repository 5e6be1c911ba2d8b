"""Who on your lists an account is: normalise, block, score, explain."""
