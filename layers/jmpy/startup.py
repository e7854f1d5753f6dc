"""Imported first by functions that clients wait for: shortens a cold start.

Loading a function creates some hundred thousand objects that stay. Python would search them for
garbage at every few hundred, which takes a sixth of the CPU of a cold start and finds nothing
(docs/performance.md). Reference counting, which frees nearly everything, is not affected.
"""

import gc

_OBJECTS = 200_000
"""Objects that are created and not freed before Python searches the young ones for cycles: more
than any function loads, and some tens of megabytes at most, of the 512 that a function has."""

gc.set_threshold(_OBJECTS)
