"""The domains of short URLs: subdomains of the operator's zone, and branded ones of customers."""
