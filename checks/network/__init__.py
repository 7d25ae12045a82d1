"""Checks of the network pillar."""
