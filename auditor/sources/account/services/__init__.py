"""The collectors: a module per service."""
