"""The edge to X: protocol, tweepy client, prices and capabilities, by-hand links, the sandbox."""
