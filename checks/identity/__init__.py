"""Checks of the identity pillar."""
