"""From query text to ``domain.query.Query`` and back: parsing, completion, plain words."""
