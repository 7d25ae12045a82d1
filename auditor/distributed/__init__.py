"""Many accounts at once, each by itself: a piece of work as plain data, where its results lie, and what they add up to.

The scheduled Lambda runs these pieces under Step Functions; `auditor scan organization` runs the same ones on one
machine.
"""
