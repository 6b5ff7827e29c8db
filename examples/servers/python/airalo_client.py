"""The requests to Airalo of balance.py."""

import os
import re
import time
from decimal import Decimal
from email.utils import parsedate_to_datetime

import simplejson

BASE_URL = os.environ.get("AIRALO_BASE_URL", "https://partners-api.airalo.com")
# The secret must not travel unencrypted beyond this machine.
if not re.fullmatch(r"https://[^@\s]+|http://(localhost|127(\.[0-9]+){3}|\[::1\])(:[0-9]+)?/?", BASE_URL):
    raise ValueError("AIRALO_BASE_URL has to be https without a user, or http on a loopback address")
CLIENT = {"base_url": BASE_URL, "headers": {"Accept": "application/json"}}
CREDENTIALS = {"client_id": os.environ["AIRALO_CLIENT_ID"], "client_secret": os.environ["AIRALO_CLIENT_SECRET"]}
NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?"


class Problem(Exception):
    """Why there is no balance: by a code that the card knows, and in words for the log."""

    def __init__(self, code, retry_after=0, cause=""):
        super().__init__(cause or code)
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
        raise ValueError("no success")
    data = answer["data"]
    # Without an account there are no `balances`, or there is no `data`.
    if data is None or data == []:
        return []
    found = next((data[name] for name in ("balances", "accounts") if data.get(name) is not None), [])
    return [read_balance(one) for one in (found if isinstance(found, list) else [found])]


def read_balance(one):
    name, money = one.get("name"), one["availableBalance"]
    amount, currency = str(money["amount"]), money["currency"]
    if not re.fullmatch(NUMBER, amount) or not re.fullmatch("[A-Za-z0-9]+", currency):
        raise ValueError("no amount")
    name = name if isinstance(name, str) else ""
    return {"name": name, "availableBalance": {"amount": Decimal(amount), "currency": currency}}


async def authorization(client):
    if time.time() >= Token.expires:
        form = CREDENTIALS | {"grant_type": "client_credentials"}
        Token.value, lifetime = read(await client.post("/v2/token", data=form), read_token)
        Token.expires = time.time() + lifetime
    return {"Authorization": f"Bearer {Token.value}"}


def read_token(answer):
    token, expires_in = answer["data"]["access_token"], answer["data"].get("expires_in")
    if not re.fullmatch("[!-~]+", token):  # No header can hold another one.
        raise ValueError("no token")
    is_number = re.fullmatch(NUMBER, str(expires_in)) and Decimal(expires_in) > 0
    # Airalo documents a lifetime of a day, and shows one of a year.
    return token, float(min(Decimal(expires_in) if is_number else 3600, 86_400)) - 60


def read(response, parser):
    """What is in a successful response; a problem in place of any other."""
    path, status = response.url.path, response.status_code
    if response.is_success:
        try:
            # With decimals, because a float would round long amounts.
            return parser(simplejson.loads(response.text, use_decimal=True))
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
            raise Problem("invalid-response", cause=f"{path}: not the documented JSON") from error
    codes = {401: "credentials-refused", 422: "credentials-refused", 429: "rate-limited"}
    is_address_refused = status == 403 and re.search(r'"code"\s*:\s*89\b', response.text)
    code = "address-refused" if is_address_refused else codes.get(status, "upstream")
    raise Problem(code, seconds(response.headers.get("Retry-After", "")), f"{path}: status {status}")


def seconds(retry_after):
    if retry_after.isdecimal():
        return int(retry_after)
    try:
        return parsedate_to_datetime(retry_after).timestamp() - time.time()
    except ValueError:
        return 0
