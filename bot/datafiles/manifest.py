"""config/manifest.json: what the Slack app is made from."""

from __future__ import annotations

import json
from pathlib import Path

from bot.errors import BadFile, Finding


def wanted_scopes(config: Path) -> frozenset[str]:
    """The bot scopes the manifest asks for."""
    try:
        manifest = json.loads((config / "manifest.json").read_text(encoding="utf-8"))
        return frozenset(manifest["oauth_config"]["scopes"]["bot"])
    except (OSError, ValueError, KeyError) as error:
        what = f"it cannot be read ({type(error).__name__})"
        raise BadFile([Finding("config/manifest.json", 0, 0, what, "restore the shipped one")]) from None
