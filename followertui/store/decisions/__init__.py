"""What people decided and what was asked of X: journal, plan items, calls."""
