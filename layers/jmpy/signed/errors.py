"""What can be wrong with a request to AWS."""


class AwsUnavailable(Exception):
    """No answer after every attempt; the message says what the last one ended in."""


class AwsRefused(Exception):
    """AWS answered with an error that another attempt would not mend; the message is its code,
    such as `AccessDeniedException`."""
