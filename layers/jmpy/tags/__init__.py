"""The tags of an account's links, which exist as long as a link has them."""
