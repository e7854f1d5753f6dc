"""What the design promises of cost and speed, measured: `make bench`."""
