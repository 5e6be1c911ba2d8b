"""Going through accounts: queues, views, cards, decisions, undo."""
