"""Accounts: who owns keys and links, and on which plan."""
