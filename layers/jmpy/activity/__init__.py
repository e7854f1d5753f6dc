"""What the access log tells about the use of API keys. Nothing here is on the path of a request."""
