"""How Jira is reached: the gateway of scoped tokens, a private CA, a proxy; nothing goes where Jira's answers point."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import certifi
import pytest
import trustme

from bot.adapters.jira_tracker import JiraAccess, JiraTracker
from bot.errors import BadSettings, TryLater
from bot.ports import TicketDraft
from bot.sandbox.jira_options import JiraOptions, JiraUser
from bot.settings import load_settings
from tests.adapters.tracker.atlassian import watched_requests
from tests.adapters.tracker.jira_site import BROWSED_AT, Hand
from tests.adapters.tracker.scripted_server import Answer, Script, scripted_server

MEI = JiraUser("712020:mei", "Mei Lin", "mei@exporter.example.com", "mlin")
MADE = Answer(201, {"key": "EXP-1"})


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


# --- the gateway ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", ["cloud", "server"])
def test_every_request_goes_below_the_address_given_and_every_link_to_the_site_itself(jira_host, flavour):
    """Jira's answers name the site's own address in `self`; with a scoped token nothing answers there."""
    with watched_requests() as watched, jira_host.jira(JiraOptions(flavour=flavour, users=(MEI,)), Hand()) as site:
        tracker = JiraTracker(site.access(), site.clock.now)
        ticket = tracker.get(everything(tracker))
        tracker.close()
        assert len(watched.requests) > 15
        assert [each.url for each in watched.requests if not str(each.url).startswith(f"{site.url}/rest/api/")] == []
        assert ticket.url.startswith(f"{BROWSED_AT}/browse/")


def everything(tracker: JiraTracker) -> str:
    """Each call of the port once."""
    key = tracker.create(TicketDraft("fd-1", "F-1", "text", date(2026, 12, 18), assignee_email=MEI.email, backlink="https://x.example.com"))
    tracker.create_all([TicketDraft("fd-2", "N1", "text", parent=key)])
    tracker.find("fd-1")
    tracker.changed("fd-1", datetime(2026, 11, 1, tzinfo=UTC))
    child = tracker.children(key)[0].key
    tracker.set_due(child, date(2026, 12, 1))
    tracker.retitle(key, "F-1 moved")
    tracker.assign(child, MEI.email)
    tracker.comment(key, "text", "m")
    tracker.comments(key)
    tracker.history(key)
    tracker.link(key, "https://x.example.com", "x", "g")
    tracker.move(child, "done")
    tracker.asks(False)
    return key


@pytest.mark.parametrize("url", ["https://api.atlassian.com", "https://api.atlassian.com/", "https://api.atlassian.com/ex/jira/"])
def test_a_gateway_without_a_site_is_said_before_anything_is_sent(monkeypatch, tmp_path, url):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIRA_URL", url)
    assert any("cloud id" in line for line in load_settings().missing_to_run())
    monkeypatch.setenv("JIRA_URL", "https://api.atlassian.com/ex/jira/11223344-a1b2-4c3d")
    assert not any("cloud id" in line for line in load_settings().missing_to_run())


# --- a private CA -----------------------------------------------------------------------------------------------


class Https:
    """A Jira behind https whose certificate a private CA has signed."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.ca_file = str(folder / "ca.pem")
        authority.cert_pem.write_to_path(self.ca_file)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(self.context)


@pytest.fixture
def https(tmp_path: Path) -> Https:
    return Https(tmp_path)


def created(script: Script, **access: Any) -> str:
    tracker = JiraTracker(JiraAccess(url=script.address, project="EXP", pat="t", issue_type="Task", timeout=(2.0, 2.0), **access))
    script.say(MADE)
    try:
        return tracker.create(TicketDraft("fd-1", "F-1", ""))
    finally:
        tracker.close()


def test_a_private_ca_is_trusted_when_its_file_is_named_and_only_then(https):
    with scripted_server(https.context) as script:
        assert created(script, ca_file=https.ca_file) == "EXP-1"
        with pytest.raises(TryLater, match="certificate authority"):
            created(script)


def test_the_ca_named_for_jira_goes_before_one_of_the_environment(https, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
    with scripted_server(https.context) as script:
        assert created(script, ca_file=https.ca_file) == "EXP-1"


def test_a_ca_of_the_environment_is_trusted_where_none_is_named(https, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", https.ca_file)
    with scripted_server(https.context) as script:
        assert created(script) == "EXP-1"


# --- a proxy ----------------------------------------------------------------------------------------------------


@contextmanager
def tunnel() -> Iterator[tuple[str, list[str]]]:
    """A proxy that only tunnels: its address, and what it was asked to connect to."""
    asked: list[str] = []

    class Tunnel(StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline().decode().strip())
            while self.rfile.readline().strip():
                """The headers do not matter."""
            host, _, port = asked[-1].split()[1].partition(":")
            with socket.create_connection((host, int(port))) as there:
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=pour, args=(there, self.connection), daemon=True)
                back.start()
                pour(self.connection, there)
                back.join(2)

    with ThreadingTCPServer(("127.0.0.1", 0), Tunnel) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join(2)


def pour(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while data := here.recv(65536):
            there.sendall(data)
        there.shutdown(socket.SHUT_WR)


def test_a_proxy_of_the_environment_is_used(https, monkeypatch):
    with scripted_server(https.context) as script, tunnel() as (address, asked):
        monkeypatch.setenv("HTTPS_PROXY", address)
        assert created(script, ca_file=https.ca_file) == "EXP-1"
        place = script.address.removeprefix("https://")
        assert {line.split()[1] for line in asked} == {place}


def test_no_proxy_leaves_jira_out_of_it(https, monkeypatch):
    with scripted_server(https.context) as script, tunnel() as (address, asked):
        monkeypatch.setenv("HTTPS_PROXY", address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,.internal.example.com")
        assert created(script, ca_file=https.ca_file) == "EXP-1"
        assert asked == []


def test_settings_that_name_no_web_address_are_refused(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIRA_URL", "jira.example.com")
    with pytest.raises(BadSettings, match="https://"):
        load_settings()
