"""Taking results to where people look: Slack, SNS, a webhook, a mail, Security Hub.

What is written to AWS from here is `WRITES`, each by its own command, in a session that is guarded like a scan's and
permits nothing else. The only other place is `auditor.distributed.store`, which keeps a run's results in its bucket.
"""

from typing import Final

WRITES: Final = frozenset({"securityhub:BatchImportFindings", "sns:Publish"})
"""The API operations that change something, and that a person asks for by name."""
