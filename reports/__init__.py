"""Renders a report: `reports.interface` is the way in, each format a module of its own beside it."""
