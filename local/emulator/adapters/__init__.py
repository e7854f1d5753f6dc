"""One module per gap between MiniStack and AWS; each has a single public `apply()`."""
