"""Destinations, looked up in a provider's lists of unsafe ones; never while a request waits."""
