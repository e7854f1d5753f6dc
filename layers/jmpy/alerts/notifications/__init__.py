"""What is sent about an alert: a mail to the operator, a message to the account's webhook."""
