"""What each page of the dashboard reads, and what its forms do."""
