"""What a team would otherwise put on Lambda: only to be measured, never shipped."""
