"""Cleaning, folding and reading of foreign text. Imports domain only."""
