"""The project for its tools and tests: template, functions, costs, and samples of traffic."""
