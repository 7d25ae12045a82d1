"""The built-in checks: a folder per pillar, in it a file per service."""
