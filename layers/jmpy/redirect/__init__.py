"""Following a short link: its reads, and the click that it records."""
