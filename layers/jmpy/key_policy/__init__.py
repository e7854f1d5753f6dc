"""The policy of an account for its keys: how long they may live."""
