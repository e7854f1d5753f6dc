"""API keys: their text (`token`), their record (`model`), what may be done with them
(`service`) and where they live (`store`)."""
