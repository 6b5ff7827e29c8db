"""`GET /api/balance` for the card, in a panel with FastAPI. It belongs behind the panel's own login:

app.include_router(balance.router, dependencies=[Depends(require_login)])
app.add_exception_handler(Problem, balance.respond)
"""

import asyncio
import logging
import math
import os
import time
from datetime import UTC, datetime
from typing import Annotated

import httpx
import simplejson
from fastapi import APIRouter, Header, Request, Response

from airalo_client import CLIENT, Problem, fetch_balances


def seconds_of(name, default):
    value = os.environ.get(name, default)
    if not value.isdecimal():
        raise ValueError(f"{name} has to be a whole number of seconds")
    return int(value)


# Airalo is asked at most once in this many seconds, whether it answers or fails.
BALANCE_TTL = seconds_of("BALANCE_TTL", "60")
# For this many seconds a balance is served while there is no newer one.
MAX_STALE = seconds_of("MAX_STALE", "3600")
# Seconds for all requests of one refresh. The card waits for 10.
DEADLINE = 8
# The status of each problem, where it is not 502.
STATUS = {
    "unauthorized": 401,
    "missing-widget-header": 403,
    "forbidden-origin": 403,
    "rate-limited": 503,
    "upstream-timeout": 504,
}

router = APIRouter()
lock = asyncio.Lock()


class State:
    """What this process knows. Each worker of a server asks Airalo for itself."""

    balances, fetched_at, problem, due = None, 0.0, None, 0.0


def answer(body, status=200, media_type="application/json", **headers):
    headers = {"Cache-Control": "private, no-store"} | headers
    return Response(simplejson.dumps(body, separators=(",", ":")), status, headers, media_type)


async def respond(_: Request, problem: Problem):
    status = STATUS.get(problem.code, 502)
    headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
    return answer({"status": status, "code": problem.code}, status, "application/problem+json", **headers)


@router.get("/api/balance")
async def balance(x_airalo_widget: Annotated[str, Header()] = "", sec_fetch_site: Annotated[str, Header()] = "none"):
    # Pages of another origin must ask before they send this header, and nothing here allows it.
    if x_airalo_widget != "1":
        raise Problem("missing-widget-header")
    if sec_fetch_site not in ("same-origin", "none"):
        raise Problem("forbidden-origin")
    # Whoever comes while Airalo is being asked waits for the same answer.
    async with lock:
        if time.time() >= State.due:
            await refresh()
    if State.problem and time.time() - State.fetched_at >= MAX_STALE:
        raise Problem(State.problem, max(1, math.ceil(State.due - time.time())))
    fetched_at = datetime.fromtimestamp(State.fetched_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    reason = {"reason": State.problem} if State.problem else {}
    meta = {"message": "success", "fetched_at": fetched_at, "stale": State.problem is not None} | reason
    return answer({"data": {"balances": State.balances}, "meta": meta})


async def refresh():
    wait = BALANCE_TTL
    try:
        async with asyncio.timeout(DEADLINE), httpx.AsyncClient(timeout=DEADLINE, **CLIENT) as client:
            State.balances, State.fetched_at, State.problem = await fetch_balances(client), time.time(), None
    except (Problem, TimeoutError, httpx.HTTPError) as error:
        is_timeout = isinstance(error, TimeoutError | httpx.TimeoutException)
        State.problem = getattr(error, "code", "upstream-timeout" if is_timeout else "upstream")
        wait = max(wait, min(getattr(error, "retry_after", 0), 900))
        # A breach of HTTP is named only, because its message quotes what was sent.
        text = "" if isinstance(error, httpx.ProtocolError) else str(error)
        cause = text or type(error).__name__
        logging.getLogger("uvicorn.error").warning("No new balance from Airalo: %s (%s)", State.problem, cause)
    State.due = time.time() + wait
