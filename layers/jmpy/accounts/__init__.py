"""Accounts, which own keys and links and have a plan."""
