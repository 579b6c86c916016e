"""The polite client: one request at a time, every answer archived before anybody reads it.

The only module that knows the HTTP library.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final, Self

import certifi
import httpcore
import httpx
import stamina
import stamina.instrumentation

from extractors.errors import Stop, Transient
from sources.breaker import CUT
from sources.captures import Held, Known
from sources.conditions import conditional, retry_after
from sources.exchange import Exchange
from sources.guard import Backend, Deadline, Refused
from sources.locks import Clock
from sources.manners import FLOOR, Budget, Manners, Pace
from sources.normalise import split
from sources.outcomes import NoAnswer, NotAsked
from sources.records import count_in
from sources.robots import Rules
from sources.urls import Site, family
from sources.verdict import REDIRECT

ASK_AGAIN: Final = frozenset({429, 500, 502, 503, 504})
WAITS: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

Archive = Callable[[Exchange, Known | None], Held]
KnownOf = Callable[[str], Known | None]


class _AskAgain(Transient):
    """An answer that may be better in a moment."""

    def __init__(self, held: Held) -> None:
        super().__init__(f"{held.capture.url} answered {held.capture.status}")
        self.held = held


class GuardedTransport(httpx.HTTPTransport):
    """The library's transport over connections that keep a deadline and refuse private addresses."""

    def __init__(self, deadline: Deadline, *, public_only: bool, tls: bool) -> None:
        trust = trusted() if tls else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().__init__(verify=trust, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust,
            max_connections=1,
            max_keepalive_connections=1,
            network_backend=Backend(deadline, public_only=public_only),
        )


def trusted() -> ssl.SSLContext:
    """Certificates of this machine and of certifi: a bare container has none of its own."""
    trust = ssl.create_default_context()
    trust.load_verify_locations(certifi.where())
    return trust


@dataclass(frozen=True, slots=True)
class Timing:
    """The clocks a client lives by: the archive's time, a steady one, the file system's, and how to wait."""

    clock: Clock
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    wall: Callable[[], float]


class Client:
    """Asks pages of one site; a context manager.

    `archive` is called with every answer, whatever it is, before anything is made of it. Until `obey` has
    given it the site's rules the client asks for nothing but robots.txt.
    """

    def __init__(  # noqa: PLR0913 - what a client is bound by
        self,
        site: Site,
        *,
        user_agent: str,
        archive: Archive,
        pace: Pace,
        timing: Timing,
        budget: Budget,
        manners: Manners,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.site = site
        self._archive, self._pace, self._timing = archive, pace, timing
        self._budget, self._manners = budget, manners
        self._deadline = Deadline(timing.monotonic)
        self._rules: Rules | None = None
        if site.is_ministry:
            pace.slow_to(FLOOR)
        # Every attempt stands in the log already; on the terminal it would be noise between the user's lines.
        stamina.instrumentation.set_on_retry_hooks(())
        self._again = stamina.RetryingCaller(
            attempts=manners.attempts,
            timeout=None,
            wait_initial=manners.backoff,
            wait_max=manners.backoff_max,
            wait_jitter=manners.backoff,
        ).on(Transient)
        self._http = httpx.Client(
            transport=transport or self._guarded(),
            headers={"User-Agent": user_agent, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(manners.read, connect=manners.connect),
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def _guarded(self) -> GuardedTransport:
        tls = self.site.base.startswith("https:")
        return GuardedTransport(self._deadline, public_only=self.site.is_ministry, tls=tls)

    def obey(self, rules: Rules) -> None:
        """Ask only what these rules allow, and not faster than they ask for."""
        self._rules = rules
        self._pace.slow_to(min(rules.delay, self._manners.crawl_delay_max))

    def get(self, page: str, known_of: KnownOf) -> Held:
        """The capture of a canonical page, redirects followed; conditional where the archive knows it.

        `NoAnswer` when the site gave none, `NotAsked` when a page may not be asked, `Stop` when it asks us
        to stay away. An answer of any status is a capture.
        """
        if not self.site.owns(page):
            raise NotAsked("elsewhere", f"{page} is not the Ministry's; only own pages are asked")
        url = self.site.fetchable(page)
        seen = {url}
        while True:
            held = self._attempts(url, known_of(self.site.canonical(url)))
            if held.capture.verdict != REDIRECT:
                return held
            url = self._next_hop(held, seen)
            seen.add(url)

    def _next_hop(self, held: Held, seen: set[str]) -> str:
        """Where a redirect leads, on the site as we reach it."""
        capture = held.capture
        found = split(capture.location or "", base=capture.url)
        target = found.geturl() if found is not None else str(capture.location)
        if not self.site.owns(target):
            raise NotAsked("elsewhere", f"{capture.page} leads to {target}, which is not the Ministry's")
        url = self.site.fetchable(target)
        if url in seen or len(seen) > self._manners.hops:
            raise NotAsked("loop", f"{capture.page}: {len(seen)} redirects and no page")
        return url

    def _attempts(self, url: str, known: Known | None) -> Held:
        """One page, asked again after a growing pause while the cause may pass by itself."""
        self._check_rules(url)
        try:
            return self._again(self._attempt, url, known)
        except _AskAgain as error:
            return error.held

    def _attempt(self, url: str, known: Known | None) -> Held:
        exchange = self._exchange(url, known)
        # Asked for without a condition a 304 answers nothing: what it would stand for nobody has named.
        answers = exchange.status != HTTPStatus.NOT_MODIFIED or conditional(known)
        held = self._archive(exchange, known if answers else None)
        if (
            exchange.status in WAITS
            and (asked := retry_after(exchange.headers, self._timing.clock())) is not None
        ):
            self._stay_away(url, asked)
        if exchange.status in ASK_AGAIN or exchange.truncated in CUT:
            raise _AskAgain(held)
        return held

    def _stay_away(self, url: str, seconds: float) -> None:
        """Wait as long as the site asks, or end the run if that is too long."""
        if seconds > self._manners.retry_after:
            raise Stop(
                f"{url}: the site asks to stay away for {seconds:.0f} s, longer than the "
                f"{self._manners.retry_after:.0f} s this run would wait; run again after that"
            )
        self._timing.sleep(seconds)

    def _check_rules(self, url: str) -> None:
        page = self.site.canonical(url)
        if family(page) == "robots":
            return
        if self._rules is None or not (self._rules.allows(page) and self._rules.allows(url)):
            raise NotAsked("robots", f"robots.txt of {self.site.base} does not allow {page}")

    def _exchange(self, url: str, known: Known | None) -> Exchange:
        """One request over the wire, after its pause and out of the budget."""
        self._budget.spend()
        self._pace.wait()
        started_at, begun = self._timing.clock(), self._timing.monotonic()
        self._deadline.start(self._manners.total)
        try:
            with self._answer(url, known) as answer:
                # The library forgets the connection when the body breaks off.
                ip = peer_of(answer)
                body, truncated = self._body(answer, self._manners.limit(family(self.site.canonical(url))))
                seconds = self._timing.monotonic() - begun
                return exchange_of(
                    url, answer, body, truncated, ip=ip, started_at=started_at, seconds=seconds
                )
        finally:
            self._pace.ended()
            # A cookie sent back would make our requests one visitor with a history.
            self._http.cookies.clear()

    @contextmanager
    def _answer(self, url: str, known: Known | None) -> Iterator[httpx.Response]:
        """The head of the answer, its body still to come; the library's errors become ours."""
        try:
            with self._http.stream("GET", url, headers=conditional(known)) as answer:
                yield answer
        except httpx.HTTPError as error:
            raise _ours(error, url) from error

    def _body(self, answer: httpx.Response, limit: int) -> tuple[bytes, str | None]:
        """The bytes of the body as they came, and why they are not all, if they are not."""
        if (count_in(answer.headers.get("content-length")) or 0) > limit:
            return b"", "length"
        parts: list[bytes] = []
        size = 0
        try:
            for chunk in answer.iter_raw():
                parts.append(chunk[: limit - size])
                size += len(chunk)
                if size > limit:
                    return b"".join(parts), "length"
        except httpx.TimeoutException:
            return b"".join(parts), "time"
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            return b"".join(parts), "disconnect"
        return b"".join(parts), None


def peer_of(answer: httpx.Response) -> str | None:
    """The IP address that answers; None where there is no network below."""
    network = answer.extensions.get("network_stream")
    peer = network.get_extra_info("server_addr") if network is not None else None
    return str(peer[0]) if peer else None


def exchange_of(  # noqa: PLR0913 - the two halves of an exchange and its times
    url: str,
    answer: httpx.Response,
    body: bytes,
    truncated: str | None,
    *,
    ip: str | None,
    started_at: datetime,
    seconds: float,
) -> Exchange:
    """What the library saw, as the log keeps it."""
    return Exchange(
        url=url,
        started_at=started_at,
        seconds=seconds,
        method=answer.request.method.encode("ascii"),
        target=answer.request.url.raw_path,
        request_headers=tuple(answer.request.headers.raw),
        status=answer.status_code,
        version=answer.http_version.encode("ascii"),
        reason=answer.extensions.get("reason_phrase", b""),
        headers=tuple(answer.headers.raw),
        body=body,
        truncated=truncated,
        ip=ip,
    )


def _ours(error: httpx.HTTPError, url: str) -> Exception:
    """The library's error as one of ours, sorted by what can be done about it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Refused):
            return NotAsked("elsewhere", f"{url}: {cause}")
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Stop(f"{url}: the certificate does not hold ({cause.verify_message}); nothing was fetched")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return NoAnswer("timeout", f"{url}: no answer in time ({type(error).__name__})")
    if isinstance(error, httpx.ConnectError):
        return NoAnswer("unreachable", f"{url} cannot be reached: {error}")
    return NoAnswer("disconnect", f"{url}: the connection broke ({error or type(error).__name__})")
