"""Commands for operators of any stack, the local one or one on AWS, and for maintainers."""
