"""Lists of companies and people: entries, the entities behind them, matches."""
