"""The edge to X: protocol, tweepy client, prices and capabilities, links for work by hand, the sandbox."""
