"""Where resources come from: each source turns its input into `auditor.raw.Collected`."""
