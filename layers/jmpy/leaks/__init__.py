"""Keys that were found in public, as reported by secret scanners."""
