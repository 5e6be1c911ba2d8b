"""Accounts and how they relate to us: rows, spells, imports, interactions, scores."""
