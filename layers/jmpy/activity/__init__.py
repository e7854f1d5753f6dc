"""The use of API keys, from the access log. No request waits for anything here."""
