"""Rules of engagement: playbooks, when a step is due, drafts, what fits whom. Pure functions and values."""
