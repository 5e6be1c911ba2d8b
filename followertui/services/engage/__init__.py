"""Engaging people: playbooks, what is due today, drafts, the shelf of links, whom not to contact."""
