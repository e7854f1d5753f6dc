"""Short links: what they are (`model`), what may be done with them (`service`) and where they
live (`store`)."""
