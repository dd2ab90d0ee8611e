"""The working days that a campaign gives for difficulties, from the server's command line."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click
import structlog

from reportsvc.cli.wiring import Wiring
from reportsvc.difficulties import rules
from reportsvc.errors import Invalid
from reportsvc.projects import campaigns

log = structlog.get_logger("reportsvc.difficulties")


def add(commands: click.Group, wiring: Wiring) -> None:
    """Add ``difficulties``."""

    @commands.group("difficulties")
    def group() -> None:
        """How long whom is given for a difficulty."""

    @group.command("rules")
    @click.option("--campaign", "code", required=True, help="The campaign's code, such as hebei-2026.")
    @click.option(
        "--from", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Keep these: a JSON file."
    )
    def rules_(code: str, file: Path | None) -> None:
        """Print a campaign's rules as JSON, after those of a file were kept where one is named.

        Days are working days: "days" by urgency, "more" added by kind, "confirm" for who raised it. "starts" names by
        kind the level that is asked first. What the file leaves out is as the service has it by itself.
        """
        with wiring.database():
            campaign = campaigns.campaign_by_code(code)
            if file is not None:
                rules.keep(campaign, _read(file))
                log.info("rules of difficulties kept", campaign=code)
            held = dataclasses.asdict(rules.of(campaign.id))
        click.echo(json.dumps(held, ensure_ascii=False, indent=2))


def _read(file: Path) -> rules.Rules:
    try:
        return rules.Rules(**json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise Invalid("%(file)s is no JSON object of rules: %(why)s", file=file.name, why=str(error)) from error
