"""What the program concludes: matches with lists, judgements of accounts, their weights."""
