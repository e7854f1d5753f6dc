"""The message for a text that is too long, wherever it was typed or pasted."""


def too_long(what: str, length: int, most: int) -> str:
    """`what` begins the sentence, as in `The name`; `length` and `most` in characters."""
    return f"{what} is {length:,} characters long; the maximum is {most:,}"
