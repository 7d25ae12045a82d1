"""What several checks know of AWS beyond single resources: who hears of alarms, what an image brings, what runs where.

A module per subject. What only one check knows stays in its file; what one resource tells stays on its class.
"""
