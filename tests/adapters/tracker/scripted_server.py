"""A server that answers what a test wrote down, or hangs up instead."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CLOUD = {"baseUrl": "https://exporter.example.com", "deploymentType": "Cloud", "versionNumbers": [1001, 0, 0]}


@dataclass(frozen=True)
class Answer:
    """`body` is sent as JSON unless it is text; `hang_up` and `wait` (seconds) come before any answer."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False
    wait: float = 0.0


@dataclass
class Script:
    """`greeting` answers serverInfo, `answers` all else, in turn and the last one for ever; `seen` is what was asked."""

    address: str = ""
    answers: list[Answer] = field(default_factory=list)
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    greeting: Answer = field(default_factory=lambda: Answer(body=CLOUD))

    def say(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def next(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def scripted_server(tls: ssl.SSLContext | None = None) -> Iterator[Script]:
    """The server, on a free port of this machine, until the block ends; with `tls` behind https."""
    script = Script()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    script.address = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(script: Script) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            if self.path.endswith("/serverInfo"):
                return self._answer(script.greeting)
            script.seen.append((self.command, self.path, body))
            return self._answer(script.next())

        do_POST = do_PUT = do_GET

        def _answer(self, answer: Answer) -> None:
            time.sleep(answer.wait)
            if answer.hang_up:
                self.close_connection = True
                return
            is_text = isinstance(answer.body, str)
            content = (answer.body if is_text else json.dumps(answer.body)).encode()
            self.send_response(answer.status)
            headers = {"Content-Type": "text/html" if is_text else "application/json"} | answer.headers
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler
