"""A server on loopback that has every disease a site can have, one class each.

A disease answers one request by writing to the socket whatever it likes; `None` of it is HTTP unless the
disease says so. Pages without a disease are answered in good health.
"""

import gzip
import socket
import socketserver
import struct
import threading
import zlib
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

PAGE = (
    "<!DOCTYPE html><html lang='ja'><head><meta charset='utf-8'><title>{title}</title></head><body><main>"
    "<div class='p-press-release-material'><p class='p-press-release-material__date'>2026年06月01日</p>"
    "<h1 class='p-press-release-material__heading'>{title}</h1></div><p>{text}</p></main></body></html>"
)


def page(title: str = "報道発表", text: str = "本文") -> bytes:
    """A whole page in the site's markup."""
    return PAGE.format(title=title, text=text).encode("utf-8")


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]


class Disease(Protocol):
    """Answers one request."""

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """Write to the socket, or do something worse to it."""


def http(status: str = "200 OK", body: bytes = b"", **headers: str) -> bytes:
    """A whole HTTP answer; header names with `_` for `-`. A header given as an empty text is left out."""
    fields = {"Content-Type": "text/html; charset=UTF-8", "Content-Length": str(len(body))}
    fields |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


@dataclass(frozen=True, slots=True)
class Healthy:
    """A page with validators that are honoured."""

    body: bytes = page()
    etag: str = '"one"'

    def answer(self, request: Request, out: socket.socket, /) -> None:
        """304 to who has it, the page to all others."""
        if request.headers.get("if-none-match") == self.etag:
            out.sendall(http("304 Not Modified", etag=self.etag, content_length=""))
        else:
            out.sendall(http(body=self.body, etag=self.etag))


@dataclass(frozen=True, slots=True)
class Says:
    """Any answer, byte for byte."""

    raw: bytes

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """Just that."""
        out.sendall(self.raw)


class Drop:
    """The connection ends before a word is said."""

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """Close."""
        out.shutdown(socket.SHUT_RDWR)


class Reset:
    """The connection is reset in the middle of the head."""

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """Half a status line, then RST instead of FIN."""
        out.sendall(b"HTTP/1.1 20")
        out.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Truncate:
    """The body ends before its announced length."""

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """Half the page."""
        body = page()
        out.sendall(http(body=body[: len(body) // 2], content_length=str(len(body)), connection="close"))
        out.shutdown(socket.SHUT_RDWR)


class BrokenChunk:
    """A chunked body that ends inside a chunk."""

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """A chunk of 4096 bytes that has ten."""
        out.sendall(http(content_length="", transfer_encoding="chunked") + b"1000\r\n<html><bod")
        out.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class SlowDrip:
    """A byte now and then, each in time, the whole never: in the head or in the body."""

    stopped: threading.Event
    in_head: bool = False

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """Until the client goes away."""
        head, _, body = http(body=page()).partition(b"\r\n\r\n")
        rest = head if self.in_head else body
        out.sendall(b"" if self.in_head else head + b"\r\n\r\n")
        for number in range(len(rest)):
            if self.stopped.wait(0.02):
                return
            out.sendall(rest[number : number + 1])


class WrongLength:
    """More body than announced: what is left over would be taken for the next answer."""

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """The page, announced shorter than it is."""
        body = page()
        out.sendall(http(body=body, content_length=str(len(body) - 20)))


class BadGzip:
    """A body that says it is gzip and breaks in the middle."""

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """A good beginning, then noise."""
        packed = gzip.compress(page(text="本文" * 2000), mtime=0)
        out.sendall(http(body=packed[:40] + b"\xff" * 200, content_encoding="gzip"))


class GzipBomb:
    """A few hundred kilobytes that unpack to more than we ever take."""

    def __init__(self) -> None:
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        self.body = b"".join(packer.compress(bytes(1 << 20)) for _ in range(66)) + packer.flush()

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """The bomb."""
        out.sendall(http(body=self.body, content_encoding="gzip"))


class Announced:
    """Three gigabytes are announced; whoever begins to read them fills a disk."""

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """The head, and a little of the body."""
        out.sendall(http(content_length=str(3 << 30), content_type="application/pdf") + b"%PDF-1.7 " * 100)


class Endless:
    """A chunked body without an end."""

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """Chunks, until the client goes away."""
        out.sendall(http(content_length="", transfer_encoding="chunked"))
        chunk = b"10000\r\n" + b"a" * 65536 + b"\r\n"
        while True:
            out.sendall(chunk)


@dataclass(frozen=True, slots=True)
class Redirect:
    """Sends everybody elsewhere."""

    target: str
    status: str = "302 Found"

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """A Location and nothing else."""
        out.sendall(http(self.status, location=self.target))


class RedirectLoop:
    """Each address leads to the next and never to a page."""

    def answer(self, request: Request, out: socket.socket, /) -> None:
        """The same address with one more parameter."""
        out.sendall(http("302 Found", location=f"{request.path.partition('?')[0]}?{len(request.path)}"))


@dataclass(slots=True)
class FlappingEtag:
    """A validator that is another one each time, so that no condition ever holds."""

    body: bytes = page()
    count: int = 0

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """The same page under a new name."""
        self.count += 1
        out.sendall(http(body=self.body, etag=f'"{self.count}"'))


@dataclass(frozen=True, slots=True)
class NoValidators:
    """Neither ETag nor Last-Modified."""

    body: bytes = page()

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """The page."""
        out.sendall(http(body=self.body))


@dataclass(frozen=True, slots=True)
class WrongCharset:
    """UTF-8 that calls itself Shift_JIS."""

    body: bytes = page()

    def answer(self, _request: Request, out: socket.socket, /) -> None:
        """The page under a false name."""
        out.sendall(http(body=self.body, content_type="text/html; charset=Shift_JIS"))


def soft(title: str, text: str) -> Says:
    """A page of a few words with status 200, not in the site's press markup."""
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    return Says(http(body=body.encode("utf-8")))


SOFT_404 = soft("ページが見つかりません", "お探しのページは移動または削除された可能性があります。")
MAINTENANCE = soft("メンテナンスのお知らせ", "ただいまシステムメンテナンス中のため、ご利用いただけません。")
CAPTCHA = Says(
    http(body=b"<html><head><title>-</title></head><body><div class='g-recaptcha'></div></body></html>")
)
LOGIN = soft("サインイン", "<form><input type='password' name='p'></form>")
EMPTY = Says(http(body=b""))
NO_END = Says(http(body=page().removesuffix(b"</body></html>")))
BUSY = Says(http("503 Service Unavailable", b"busy", retry_after="20"))
AWAY = Says(http("503 Service Unavailable", b"away", retry_after="86400"))
ERROR = Says(http("500 Internal Server Error", b"oops"))
FORBIDDEN = Says(http("403 Forbidden", b"no"))
GONE = Says(http("404 Not Found", page("ページが見つかりません")))
UNASKED_304 = Says(http("304 Not Modified", content_length=""))


class _Handler(socketserver.BaseRequestHandler):
    server: "FaultServer"

    def handle(self) -> None:
        """Answer requests of one connection until it ends."""
        stream = self.request.makefile("rb")
        try:
            while line := stream.readline():
                fields = {}
                while (field_line := stream.readline()).strip():
                    name, _, value = field_line.decode("latin-1").partition(":")
                    fields[name.strip().lower()] = value.strip()
                request = Request(line.split()[1].decode("ascii"), fields)
                disease = self.server.take(request)
                disease.answer(request, self.request)
                if not isinstance(disease, (Healthy, Says)):
                    break
        except OSError:
            return  # the client went away, which is what some diseases are for


class FaultServer(socketserver.ThreadingTCPServer):
    """The server; a context manager. `order` gives diseases to a path, one for each of its next requests."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[Request] = []
        self.stopped = threading.Event()
        self.pages: dict[str, Disease] = {
            "/robots.txt": Says(http(body=b"User-agent: *\n", content_type="text/plain"))
        }
        self._orders: defaultdict[str, deque[Disease]] = defaultdict(deque)
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def url(self) -> str:
        """The origin."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def order(self, path: str, *diseases: Disease) -> None:
        """The next requests of a path get these."""
        self._orders[path].extend(diseases)

    def take(self, request: Request) -> Disease:
        """What answers a request, and a note in the journal."""
        self.requests.append(request)
        path = request.path.partition("?")[0]
        if self._orders[path]:
            return self._orders[path].popleft()
        return self.pages.get(path, Healthy())

    def asked(self, path: str) -> list[Request]:
        """The requests of one path."""
        return [request for request in self.requests if request.path.partition("?")[0] == path]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.stopped.set()
        self.shutdown()
        self.server_close()
        self._thread.join()
