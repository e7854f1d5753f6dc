"""The page of the API reference, made of the OpenAPI document when it is asked for."""
