"""API keys: their text (`token`), their record (`model`), the operations on them (`service`) and
their storage (`store`)."""
