"""The requests to Airalo of balance.py."""

import os
import re
import time
from decimal import Decimal
from email.utils import parsedate_to_datetime

import simplejson

BASE_URL = os.environ.get("AIRALO_BASE_URL", "https://partners-api.airalo.com")
FORM = {
    "client_id": os.environ["AIRALO_CLIENT_ID"],
    "client_secret": os.environ["AIRALO_CLIENT_SECRET"],
    "grant_type": "client_credentials",
}


class Problem(Exception):
    """Why there is no balance, by a code that the card knows."""

    def __init__(self, code, retry_after=0):
        super().__init__(code)
        self.code, self.retry_after = code, retry_after


class Token:
    value, expires = "", 0.0


async def fetch_balances(client):
    response = await client.get("/v2/balance", headers=await authorization(client))
    if response.status_code == 401:
        Token.expires = 0.0  # It has expired or was revoked, and is renewed once.
        response = await client.get("/v2/balance", headers=await authorization(client))
    return read(response, read_balances)


def read_balances(answer):
    if answer["meta"]["message"] != "success":
        raise Problem("invalid-response")
    data = answer["data"] or {}
    found = data.get("balances") or data.get("accounts") or []
    return [read_balance(one) for one in (found if isinstance(found, list) else [found])]


def read_balance(one):
    amount, currency = Decimal(str(one["availableBalance"]["amount"])), one["availableBalance"]["currency"]
    if not amount.is_finite() or not re.fullmatch("[A-Za-z0-9]+", currency):
        raise Problem("invalid-response")
    return {"name": one.get("name", ""), "availableBalance": {"amount": amount, "currency": currency}}


async def authorization(client):
    if time.time() >= Token.expires:
        data = read(await client.post("/v2/token", data=FORM), lambda answer: dict(answer["data"]))
        if not data.get("access_token"):
            raise Problem("invalid-response")
        # Airalo documents a lifetime of a day, and shows one of a year.
        lifetime = min(int(data.get("expires_in") or 3600), 86_400) - 60
        Token.value, Token.expires = data["access_token"], time.time() + lifetime
    return {"Accept": "application/json", "Authorization": f"Bearer {Token.value}"}


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
