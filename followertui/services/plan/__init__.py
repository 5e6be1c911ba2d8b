"""The plan and carrying it out: by the API or by hand, with guards and a journal."""
