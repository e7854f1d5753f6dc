"""`make doctor`: says what is wrong with a machine, and what to do about it.

Runs before anything is installed, with Python 3.8 or newer without site packages: the standard
library alone. Each check is a pure function of facts, and beside it is a function that reads them.
"""
