"""Checks of the resilience pillar."""
