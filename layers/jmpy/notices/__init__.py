"""Mails to owners before their keys end."""
