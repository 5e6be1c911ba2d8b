"""Seeded data of any size, scenes, and the screenshot writer."""
