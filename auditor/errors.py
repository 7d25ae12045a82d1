"""Errors that end a command before anything is scanned."""


class UsageError(Exception):
    """Bad usage or configuration (exit code 2); its text tells a person what happened, where, and what to do."""
