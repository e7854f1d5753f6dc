"""Links that were made elsewhere: what other services export, taken over with their codes."""
