"""The Ministry's site: its addresses, the polite client, the raw archive, discovery and imports."""
