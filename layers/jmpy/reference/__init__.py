"""The page of the API reference, rendered from the OpenAPI document on request."""
