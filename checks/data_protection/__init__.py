"""Checks of the data-protection pillar."""
