"""The looks of the dashboard: plain data in, HTML out. No AWS, no HTTP, no decisions."""
