"""One frozen dataclass per page. Times are seconds since the Unix epoch, UTC."""
