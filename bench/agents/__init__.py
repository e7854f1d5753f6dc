"""How often clicks are classified right, on the fixtures of others: `python -m bench.agents`."""
