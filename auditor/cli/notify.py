"""`auditor notify`: tell people what a scan found."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import click

from auditor.errors import UsageError
from auditor.report import load

if TYPE_CHECKING:
    from auditor.delivery.message import Message

SLACK, WEBHOOK = "AUDITOR_SLACK_URL", "AUDITOR_WEBHOOK_URL"


@click.command(
    "notify",
    epilog="Examples: `auditor notify scan.json`, `auditor notify scan.json --previous last.json --slack --send`, "
    "`auditor notify scan.json --sns arn:aws:sns:eu-west-1:123456789012:audit --send`. "
    f"Addresses of webhooks are secrets, so they are read from the environment: {SLACK}, {WEBHOOK}.",
)
@click.argument("file", metavar="FILE")
@click.option("--previous", metavar="FILE", help="An earlier JSON report: tell what is new since.")
@click.option("--link", default="", metavar="URL", help="Where the whole report can be read.")
@click.option("--slack", is_flag=True, help=f"To the Slack channel of the incoming webhook in {SLACK}.")
@click.option("--webhook", is_flag=True, help=f"As JSON to the address in {WEBHOOK}.")
@click.option("--sns", metavar="ARN", help="To an SNS topic (needs sns:Publish).")
@click.option("--profile", metavar="NAME", help="A profile of your AWS configuration, for --sns.")
@click.option("--email-html", metavar="FILE", help="Write the body of a mail to a file, for your mail program.")
@click.option("--send", is_flag=True, help="Really send it; else it is only printed.")
def command(
    file: str,
    previous: str | None,
    link: str,
    slack: bool,
    webhook: bool,
    sns: str | None,
    profile: str | None,
    email_html: str | None,
    send: bool,
) -> None:
    """Tell what is new and critical, what it costs and what was not seen, in a few lines.

    Nothing is sent without --send: what would be is printed.
    """
    from auditor.delivery.message import message

    told = message(load(file), load(previous) if previous else None, previous or "", link)
    if email_html:
        _write_mail(told, email_html)
    if not send:
        _print(told, slack=slack, webhook=webhook, sns=sns)
        return
    if not (slack or webhook or sns):
        raise UsageError("--send: say where to: --slack, --webhook or --sns ARN")
    _send(told, slack=slack, webhook=webhook, sns=sns, profile=profile)


def _write_mail(told: Message, path: str) -> None:
    from auditor.delivery.email import html
    from reports.interface import write

    write(html(told), path)
    click.echo(f"wrote {path}", err=True)


def _print(told: Message, *, slack: bool, webhook: bool, sns: str | None) -> None:
    from auditor.delivery import web

    for wanted, make in ((slack, web.slack), (webhook, web.webhook)):
        if wanted:
            click.echo(json.dumps(make(told), indent=1, ensure_ascii=False))
    if sns or not (slack or webhook):
        click.echo("\n".join([told.subject, "", *told.lines]))
    if slack or webhook or sns:
        click.echo("not sent: add --send", err=True)


def _send(told: Message, *, slack: bool, webhook: bool, sns: str | None, profile: str | None) -> None:
    from auditor.delivery import web

    for wanted, variable, make in ((slack, SLACK, web.slack), (webhook, WEBHOOK, web.webhook)):
        if wanted:
            web.post(_address(variable), make(told))
            click.echo(f"sent to the address in {variable}", err=True)
    if sns:
        from auditor.delivery.aws import publish

        publish(told, sns, profile=profile)
        click.echo(f"sent to {sns}", err=True)


def _address(variable: str) -> str:
    address = os.environ.get(variable, "")
    if not address:
        raise UsageError(f"The environment has no {variable}: set it to the webhook's address.")
    return address
