"""Files in: archives, account exports and lists -> domain values, with a report per row."""
