"""The project as its tools and tests see it: template, functions, costs, and samples of traffic."""
