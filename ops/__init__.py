"""Commands of an operator, for any stack: the local one or one on AWS; and of whoever builds it."""
