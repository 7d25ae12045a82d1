"""Checks of the governance pillar."""
