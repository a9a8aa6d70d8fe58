"""HTTP requests and a WebSocket of events on one port, as go-librespot has them."""

from __future__ import annotations

import json
import logging
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

log = logging.getLogger(__name__)

_LARGEST = 65_536  # bytes of a request


class Program(Protocol):
    """What answers."""

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any] | None]:
        """Answer a request with a status and a JSON object."""

    def wait_to_talk(self) -> None:
        """Wait until connections are answered."""

    def join(self, client: Client) -> None:
        """Let somebody listen to events."""

    def leave(self, client: Client) -> None:
        """Let them go."""


class Client:
    """Somebody who listens to events: a WebSocket over the socket of the HTTP request that asked for it."""

    def __init__(self, sock: socket.socket, protocol: ServerProtocol) -> None:
        self._sock = sock
        self._protocol = protocol
        self._lock = threading.Lock()

    def send(self, message: str) -> None:
        """Send a text; one who is gone is gone."""
        with self._lock:
            if self._protocol.state is State.OPEN:
                self._protocol.send_text(message.encode())
                self._flush()

    def cut(self) -> None:
        """Hang up without a good-bye."""
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            log.debug("it was closed already")

    def listen(self) -> None:
        """Answer pings and the good-bye until the connection is over."""
        while self._protocol.state is not State.CLOSED:
            try:
                data = self._sock.recv(65_536)
            except OSError:
                data = b""
            with self._lock:
                if data:
                    self._protocol.receive_data(data)
                else:
                    self._protocol.receive_eof()
                self._protocol.events_received()
                self._flush()
            if not data:
                return

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            try:
                if data:
                    self._sock.sendall(data)
                else:
                    self._sock.shutdown(socket.SHUT_WR)
            except OSError:
                return


class _Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    server: OnePort

    def do_GET(self) -> None:
        """Answer a question, or become a WebSocket."""
        if self.path == "/events":
            self._become_events()
        else:
            self._answer(b"")

    def do_POST(self) -> None:
        """Carry out a command."""
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > _LARGEST:
            self.close_connection = True
            self.send_error(413)
            return
        self._answer(self.rfile.read(int(length)))

    def log_message(self, *_: object) -> None:
        """Keep quiet: `received` holds what came."""

    def _answer(self, body: bytes) -> None:
        status, document = self.server.program.answer(self.command, self.path, body)
        content = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _become_events(self) -> None:
        program = self.server.program
        program.wait_to_talk()
        self.close_connection = True
        protocol = ServerProtocol()
        head = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        protocol.receive_data(f"GET {self.path} HTTP/1.1\r\n{head}\r\n".encode("latin-1"))
        request = next((event for event in protocol.events_received() if isinstance(event, Request)), None)
        if request is None:
            return
        protocol.send_response(protocol.accept(request))
        for data in protocol.data_to_send():
            self.wfile.write(data)
        if protocol.state is not State.OPEN:
            return
        client = Client(self.connection, protocol)
        program.join(client)
        try:
            client.listen()
        finally:
            program.leave(client)


class OnePort(ThreadingHTTPServer):
    """Listen on loopback and hand everything to a program."""

    daemon_threads = True
    block_on_close = True

    def __init__(self, program: Program, port: int) -> None:
        self.program = program
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, *_: object) -> None:
        """Keep quiet about clients that hang up in the middle of an answer."""
        log.debug("a client of the stand-in's go-librespot hung up")
