"""Keys that somebody found in public, as secret scanners report them."""
