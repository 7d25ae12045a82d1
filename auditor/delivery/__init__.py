"""Taking results to where people look: Slack, SNS, a webhook, a mail, Security Hub.

The only place from which anything is written to AWS: `WRITES`, each by its own command, in a session that is guarded
like a scan's and permits nothing else.
"""

from typing import Final

WRITES: Final = frozenset({"securityhub:BatchImportFindings", "sns:Publish"})
"""The API operations that change something, and that a person asks for by name."""
