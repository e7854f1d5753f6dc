"""How fast the built functions are, next to what a team would otherwise put on Lambda.

Every figure is a ratio of two medians that were measured alternately in one run: absolute times
are this machine's, ratios travel. docs/performance.md says what is measured and why.
"""
