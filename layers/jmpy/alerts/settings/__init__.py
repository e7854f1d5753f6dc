"""What owners set: the thresholds of the rules, and which rules are off."""
