"""The HTTP side: a threading server on loopback that writes each answer in one piece and keeps a journal."""

import socket
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pressroom.answers import Answer, http_date
from pressroom.journal import Journal, Seen, of_interest

_POLL = 0.02
_METHOD_NOT_ALLOWED = 405
Respond = Callable[[str, Mapping[str, str]], Answer]


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1; `respond` gives the answer to (target, request headers)."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, respond: Respond, journal: Journal, now: Callable[[], datetime]) -> None:
        self.respond = respond
        self.journal = journal
        self.now = now
        self._open: dict[socket.socket, int] = {}
        self._count = 0
        self._guard = threading.Lock()
        # Bound only when started: a room that is made and never entered holds nothing open.
        super().__init__(("127.0.0.1", port), _Handler, bind_and_activate=False)
        self._thread = threading.Thread(
            target=self.serve_forever, args=(_POLL,), name="press-room", daemon=True
        )

    def start(self) -> None:
        """Takes the port and serves from now on, in a thread of its own."""
        self.server_bind()
        self.server_activate()
        self._thread.start()

    def stop(self) -> None:
        """Ends at once: idle and busy connections are shut, threads joined, the port is free again."""
        # Asking a loop to end that never began would wait for ever.
        if self._thread.ident is not None:
            self.shutdown()
            self._thread.join()
        with self._guard:
            for connection in self._open:
                _shut(connection)
        self.server_close()

    def server_bind(self) -> None:
        """Binds without asking the name service who 127.0.0.1 is: on a closed machine that takes seconds."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """One connection, known by number so that the journal tells kept connections from new ones."""
        with self._guard:
            self._count += 1
            self._open[request] = self._count
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._guard:
                self._open.pop(request, None)

    def number_of(self, connection: socket.socket) -> int:
        """The number of a connection, from 1 in order of arrival."""
        with self._guard:
            return self._open.get(connection, 0)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; the journal has the request."""


class _Handler(BaseHTTPRequestHandler):
    """One connection; HTTP/1.1, so it stays open until the client closes it."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "pressroom", ""
    # Head and body in two small packets would wait 40 ms for a delayed acknowledgement on every request.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answers, and writes the journal even where the client has gone."""
        self._journalled(lambda asked: self.server.respond(self.path, asked))

    do_HEAD = do_GET  # noqa: N815 -- the name the standard library calls

    def do_POST(self) -> None:
        """The site takes nothing."""
        self.close_connection = True
        self._journalled(lambda _: Answer(_METHOD_NOT_ALLOWED, {"Allow": "GET, HEAD"}))

    def _journalled(self, respond: Callable[[Mapping[str, str]], Answer]) -> None:
        asked = {name.lower(): value for name, value in self.headers.items()}
        began = self.server.journal.begin()
        answer, sent = Answer(0), 0
        try:
            answer = respond(asked)
            sent = self._write(answer)
        finally:
            journal = self.server.journal
            number = self.server.number_of(self.connection)
            journal.end(
                Seen(
                    self.command,
                    self.path,
                    of_interest(asked),
                    answer.status,
                    sent,
                    began,
                    journal.clock(),
                    number,
                )
            )

    def _write(self, answer: Answer) -> int:
        if answer.drop:
            self.close_connection = True
            return 0
        body = answer.body if self.command != "HEAD" else b""
        self.send_response_only(answer.status)
        self.send_header("Date", http_date(self.server.now()))
        self.send_header("Server", self.server_version)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:  # noqa: PLR2004 -- Not Modified has no body to give the length of
            self.send_header("Content-Length", str(len(answer.body)))
        if answer.cut or self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if answer.cut:
            body, self.close_connection = body[: len(body) // 2], True
        self.wfile.write(body)
        self.wfile.flush()
        return len(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- as the standard library has it
        """The journal is the log; nothing on stderr."""


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
