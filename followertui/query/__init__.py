"""Query text -> domain.Query, with completion and the nearest word. Imports text and domain."""
