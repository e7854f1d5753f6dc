"""Plans and the exact daily limits of accounts."""
