"""The invented company that lives in the sandbox: its people with roles and time zones, and its channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SHANGHAI, BERLIN, KOLKATA = "Asia/Shanghai", "Europe/Berlin", "Asia/Kolkata"


def _person(name: str, real_name: str, title: str, role: str, where: tuple[str, str]) -> dict[str, Any]:
    zone, locale = where
    email = f"{name}@example.com"
    return {"name": name, "real_name": real_name, "title": title, "role": role, "tz": zone, "locale": locale, "email": email}


PEOPLE = [
    _person("mei", "Mei Zhou", "Sales, Middle East", "SALES", (SHANGHAI, "zh-CN")),
    _person("tom", "Tom Becker", "Sales, Europe", "SALES", (BERLIN, "en-US")),
    _person("ana", "Ana Duarte", "Compliance project manager", "PM", (SHANGHAI, "en-US")),
    _person("wei", "Wei Sun", "Product manager, access control", "PROD", (SHANGHAI, "zh-CN")),
    _person("li", "Li Na", "Regulatory affairs", "REG", (SHANGHAI, "zh-CN")),
    _person("raj", "Raj Menon", "R&D, recognition", "RD", (KOLKATA, "en-GB")),
    _person("sam", "Sam Okoro", "Security test lab", "SEC", (SHANGHAI, "en-GB")),
    _person("sofia", "Sofia Keller", "Legal counsel", "LEGAL", (BERLIN, "en-GB")),
    _person("olga", "Olga Petrov", "Customer onboarding", "OPS", (BERLIN, "en-GB")),
    _person("dan", "Dan Ito", "Installation and service", "DELIV", (SHANGHAI, "en-US")),
    _person("ken", "Ken Liu", "Shipping and customs", "SHIP", (SHANGHAI, "zh-CN")),
    _person("hui", "Hui Chen", "Head of compliance, release authority", "HEAD", (SHANGHAI, "zh-CN")),
    _person("admin", "Alex Admin", "IT, workspace owner", "", (SHANGHAI, "en-US")) | {"is_admin": True},
]

BOT = {
    "id": "U0FILINGDESK",
    "name": "filingdesk",
    "real_name": "Filing Desk",
    "title": "Export scope and filings",
    "is_bot": True,
}

COMPANY: Mapping[str, Any] = {
    "users": [BOT, *PEOPLE],
    "channels": [
        {"name": "general", "topic": "Lumen Gate Security: face terminals, biometric locks, respirators"},
        {"name": "sales", "topic": "Offers and customers. Ask @filingdesk before you promise a date"},
        {"name": "compliance", "topic": "Filings, lists and rules"},
        {"name": "shipping", "topic": "Bookings, cut-offs, holds"},
    ],
}
"""`{"users": […], "channels": […]}`; a channel without members has everybody in it."""

EMPTY: Mapping[str, Any] = {"users": [BOT, PEOPLE[-1]], "channels": [{"name": "general", "topic": "Nothing here yet"}]}
"""A workspace with nobody but its administrator."""

SHIPMENTS = [
    ("SO-4711", "FaceGate 300", "DE", 24, "Nordbau GmbH", "ken", "yes"),
    ("SO-4718", "PalmKey V2", "AE", 61, "Gulf Hotels", "ken", ""),
    ("SO-4722", "AirSense P4", "BR", 152, "Minas Safety", "mei", "yes"),
    ("SO-4730", "FingerLock S1", "FR", 12, "Serrures Lyon", "ken", "no"),
]
"""Order number, product, destination, days from the story's start to its ETD, customer, owner, whether it decides by itself."""
