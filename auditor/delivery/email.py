"""The message as a mail's HTML body, for whatever sends mail: inline styles, as mail programs drop style sheets."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from auditor.delivery.message import Message

_BODY: Final = "font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; max-width: 42em"
_GRAVE: Final = "color: #a40e26; font-weight: 600"


def html(message: Message) -> str:
    """One HTML document without anything to load."""
    items = [f'<li><span style="{_GRAVE}">Critical</span> {escape(alarm)}</li>' for alarm in message.alarms]
    if message.more:
        items.append(f"<li>and {message.more:,} more</li>")
    items += [f"<li>Saves {escape(saving)}</li>" for saving in message.savings]
    parts = [
        f"<p>{escape(message.headline)}</p>",
        f"<p>{escape(message.news)}</p>" if message.news else "",
        f"<ul>{''.join(items)}</ul>" if items else "",
        f"<p>{escape(message.unseen)}</p>" if message.unseen else "",
        _link(message.link),
    ]
    head = f'<head><meta charset="utf-8"><title>{escape(message.subject)}</title></head>'
    body = "\n".join(filter(None, parts))
    return f'<!doctype html>\n<html lang="en">{head}\n<body style="{_BODY}">\n{body}\n</body></html>\n'


def _link(link: str) -> str:
    if not link:
        return ""
    shown = escape(link)
    return f'<p><a href="{shown}">{shown}</a></p>' if link.startswith("https://") else f"<p>{shown}</p>"
