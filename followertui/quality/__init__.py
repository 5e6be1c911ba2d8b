"""What an account is like: signals and scores, each explained."""
