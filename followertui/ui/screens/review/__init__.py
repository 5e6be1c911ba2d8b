"""The review screen: its frame and the verbs that work on it."""
