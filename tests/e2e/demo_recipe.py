"""How large the demo of these tests is."""

ACCOUNTS = 800
