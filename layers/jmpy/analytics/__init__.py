"""What links and accounts are asked about their clicks, answered from counters."""
