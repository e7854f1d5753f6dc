"""Imported first by functions that clients wait for: makes a cold start shorter.

Loading a function makes some hundred thousand objects that stay. Python would look for garbage
among them at every few hundred, which is a sixth of the CPU of a cold start and finds nothing
(docs/performance.md). Reference counting, which frees nearly everything, is not touched.
"""

import gc

_OBJECTS = 200_000
"""That are made and not freed before Python looks for cycles among the young ones: more than any
function loads, and some tens of megabytes at most, of the 512 that a function has."""

gc.set_threshold(_OBJECTS)
