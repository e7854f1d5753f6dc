"""Following a short link: what it reads, and the click that it makes."""
