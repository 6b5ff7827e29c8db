"""`GET /api/balance` for the card, in a panel with FastAPI. It belongs behind the panel's own login:

app.include_router(balance.router, dependencies=[Depends(require_login)])
app.add_exception_handler(balance.Problem, balance.respond)
"""

import asyncio
import logging
import os
import re
import time
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Annotated

import httpx
import simplejson
from fastapi import APIRouter, Header, Request, Response

CREDENTIALS = {"client_id": os.environ["AIRALO_CLIENT_ID"], "client_secret": os.environ["AIRALO_CLIENT_SECRET"]}
BASE_URL = os.environ.get("AIRALO_BASE_URL", "https://partners-api.airalo.com")
# Airalo is asked at most once in this many seconds, whether it answers or fails.
BALANCE_TTL = float(os.environ.get("BALANCE_TTL", "60"))
# Seconds for all requests of one refresh. The card waits for 10.
DEADLINE = 8
# For this many seconds a balance is served while there is no newer one.
MAX_STALE = float(os.environ.get("MAX_STALE", "3600"))
# The status of each problem, where it is not 502.
STATUS = {"unauthorized": 401, "missing-widget-header": 403, "forbidden-origin": 403, "rate-limited": 503, "upstream-timeout": 504}


class Problem(Exception):
    def __init__(self, code, retry_after=0):
        super().__init__(code)
        self.code, self.retry_after = code, retry_after


class State:
    """What this process knows. Each worker of a server asks Airalo for itself."""

    token, token_expires = "", 0.0
    balances, fetched_at = None, 0.0
    problem, due = None, 0.0
    lock = asyncio.Lock()


def answer(body, status=200, media_type="application/json", **headers):
    headers = {"Cache-Control": "private, no-store"} | headers
    return Response(simplejson.dumps(body, separators=(",", ":")), status, headers, media_type)


async def respond(_: Request, problem: Problem):
    status = STATUS.get(problem.code, 502)
    headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
    return answer({"status": status, "code": problem.code}, status, "application/problem+json", **headers)


router = APIRouter()


@router.get("/api/balance")
async def balance(x_airalo_widget: Annotated[str, Header()] = "", sec_fetch_site: Annotated[str, Header()] = "none"):
    # Pages of another origin must ask before they send this header, and nothing here allows it.
    if x_airalo_widget != "1":
        raise Problem("missing-widget-header")
    if sec_fetch_site not in ("same-origin", "none"):
        raise Problem("forbidden-origin")
    # Whoever comes while Airalo is being asked waits for the same answer.
    async with State.lock:
        if time.time() >= State.due:
            await refresh()
    if State.problem and time.time() - State.fetched_at >= MAX_STALE:
        raise Problem(State.problem, max(1, round(State.due - time.time())))
    fetched_at = datetime.fromtimestamp(State.fetched_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    reason = {"reason": State.problem} if State.problem else {}
    meta = {"message": "success", "fetched_at": fetched_at, "stale": State.problem is not None} | reason
    return answer({"data": {"balances": State.balances}, "meta": meta})


async def refresh():
    wait = BALANCE_TTL
    try:
        async with asyncio.timeout(DEADLINE), httpx.AsyncClient(base_url=BASE_URL, timeout=DEADLINE) as airalo:
            State.balances, State.fetched_at, State.problem = await fetch_balances(airalo), time.time(), None
    except (Problem, TimeoutError, httpx.HTTPError) as error:
        is_timeout = isinstance(error, TimeoutError | httpx.TimeoutException)
        State.problem = getattr(error, "code", "upstream-timeout" if is_timeout else "upstream")
        wait = max(wait, min(getattr(error, "retry_after", 0), 900))
        logging.getLogger("uvicorn.error").warning("No new balance from Airalo: %s (%s)", State.problem, error)
    State.due = time.time() + wait


async def fetch_balances(airalo):
    response = await airalo.get("/v2/balance", headers=await authorization(airalo))
    if response.status_code == 401:
        State.token_expires = 0.0  # It has expired or was revoked, and is renewed once.
        response = await airalo.get("/v2/balance", headers=await authorization(airalo))
    return read(response, balances_in)


def balances_in(answer):
    if answer["meta"]["message"] != "success":
        raise Problem("invalid-response")
    data = answer["data"] or {}
    found = data.get("balances") or data.get("accounts") or []
    balances = []
    for one in found if isinstance(found, list) else [found]:
        amount, currency = Decimal(str(one["availableBalance"]["amount"])), one["availableBalance"]["currency"]
        if not amount.is_finite() or not re.fullmatch("[A-Za-z0-9]+", currency):
            raise Problem("invalid-response")
        balances.append({"name": one.get("name", ""), "availableBalance": {"amount": amount, "currency": currency}})
    return balances


async def authorization(airalo):
    if time.time() >= State.token_expires:
        response = await airalo.post("/v2/token", data=CREDENTIALS | {"grant_type": "client_credentials"})
        token, lifetime = read(response, lambda a: (str(a["data"]["access_token"]), int(a["data"].get("expires_in", 3600))))
        # Airalo documents a lifetime of a day, and shows one of a year.
        State.token, State.token_expires = token, time.time() + min(lifetime, 86_400) - 60
    return {"Accept": "application/json", "Authorization": f"Bearer {State.token}"}


def read(response, parser):
    """What is in a successful response; a problem in place of any other."""
    if response.is_success:
        try:
            # With decimals, because a float would round long amounts.
            return parser(simplejson.loads(response.text, use_decimal=True))
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
            raise Problem("invalid-response") from error
    codes = {401: "credentials-refused", 422: "credentials-refused", 429: "rate-limited"}
    is_address_refused = response.status_code == 403 and re.search(r'"code"\s*:\s*89\b', response.text)
    code = "address-refused" if is_address_refused else codes.get(response.status_code, "upstream")
    raise Problem(code, seconds(response.headers.get("Retry-After", "")))


def seconds(retry_after):
    if retry_after.isdecimal():
        return int(retry_after)
    try:
        return parsedate_to_datetime(retry_after).timestamp() - time.time()
    except ValueError:
        return 0
