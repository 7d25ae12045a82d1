"""The demo: a simulated account of a company's machine learning platform, and templates of the same platform."""
