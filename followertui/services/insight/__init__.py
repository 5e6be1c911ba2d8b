"""Is the audience getting better: companies, coverage, reports."""
