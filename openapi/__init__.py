"""Makes the OpenAPI document and the collection of requests from the code: `make openapi`."""
