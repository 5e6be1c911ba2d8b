"""Reading from X: prices, budgets and the ledger; followers and following, page by page."""
