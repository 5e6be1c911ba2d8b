"""What the machine concludes: matches with lists, judgements of accounts, their weights."""
