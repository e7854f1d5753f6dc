"""Whether the cost of a request grows with its account: `python -m bench.growth`."""
