"""rulesets/schemas/*.json: JSON Schemas generated from the shapes, so that editors complete and check while typing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bot.datafiles.rule_shapes import FILES
from bot.errors import WARNING, Finding

SCHEMAS = "schemas"


def schemas() -> dict[str, str]:
    """File name to JSON text, the same text for the same shapes."""
    return {f"{kind}.schema.json": _text(kind) for kind in FILES}


def write_schemas(folder: Path) -> None:
    """Write them into rulesets/schemas."""
    (folder / SCHEMAS).mkdir(exist_ok=True)
    for name, text in schemas().items():
        (folder / SCHEMAS / name).write_text(text, encoding="utf-8")


def schema_findings(folder: Path) -> Iterator[Finding]:
    """A warning for each schema that is missing or older than the shapes."""
    for name, text in schemas().items():
        path = folder / SCHEMAS / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            shown = f"{folder.name}/{SCHEMAS}/{name}"
            yield Finding(shown, 0, 0, "this schema is not current", "run filingdesk lock", WARNING).named("schema_old")


def _text(kind: str) -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **FILES[kind].model_json_schema(by_alias=True)}
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
