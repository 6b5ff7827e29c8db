"""A panel as small as can be, around balance.py. In yours, the login and the page are there already.

PANEL_PASSWORD=… CARD_DIR=… AIRALO_CLIENT_ID=… AIRALO_CLIENT_SECRET=… uvicorn panel:app
"""

import hmac
import os
import secrets
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException
# docs:route
from fastapi import Depends, Request
# docs:end
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.sessions import SessionMiddleware

# docs:route
import balance
from airalo_client import Problem
# docs:end

PANEL_PASSWORD = os.environ["PANEL_PASSWORD"]
if not PANEL_PASSWORD:
    raise ValueError("set PANEL_PASSWORD")

app = FastAPI(docs_url=None, openapi_url=None)
app.add_middleware(SessionMiddleware, secret_key=secrets.token_hex())


@app.get("/")
async def page():
    return FileResponse(Path(__file__).parent.parent / "panel.html")


@app.post("/sign-in")
async def sign_in(request: Request, password: Annotated[str, Form()]):
    if not hmac.compare_digest(password.encode(), PANEL_PASSWORD.encode()):
        raise HTTPException(403)
    request.session["user"] = "admin"
    return RedirectResponse("/", status_code=303)


# docs:route
async def require_login(request: Request):
    """Your panel's own: whoever is not signed in gets 401, not a redirect to a page."""
    if "user" not in request.session:
        raise Problem("unauthorized")


app.include_router(balance.router, dependencies=[Depends(require_login)])
app.add_exception_handler(Problem, balance.respond)
# docs:end
app.mount("/", StaticFiles(directory=os.environ["CARD_DIR"]))
