"""Figures about the clicks of accounts and links, from counters."""
