"""The calls of a Python back end to Haoma. Only the session check needs a library: pip install "pyjwt[crypto]"."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import time
import urllib.error
import urllib.request

HAOMA_URL = os.environ["HAOMA_URL"]
APPID = os.environ["WECHAT_APPID"]


class HaomaError(Exception):
    """What Haoma refused. `action` says what the page should do: tap-again, use-fallback, show-message …"""

    def __init__(self, problem: dict):
        super().__init__(problem.get("detail", "no answer"))
        self.code, self.action = problem.get("code"), problem.get("action", "retry")


def get_phone_number(phone_code: str) -> dict:
    client = f'{os.environ["HAOMA_CLIENT_ID"]}:{os.environ["HAOMA_CLIENT_SECRET"]}'
    headers = {
        "Authorization": "Basic " + base64.b64encode(client.encode()).decode(),
        "Content-Type": "application/json",
    }
    body = json.dumps({"appid": APPID, "phoneCode": phone_code}).encode()
    request = urllib.request.Request(f"{HAOMA_URL}/v1/exchange", body, headers)
    for wait_s in (0.5, 2, None):  # the same code gives the same number: send it again
        problem = {}
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.load(answer)  # e164, nationalNumber, countryCallingCode, capturedAt, component
        except urllib.error.HTTPError as refused:
            problem = read_problem(refused)
        except (OSError, http.client.HTTPException):
            pass  # no answer came, or half of one
        if wait_s is None or problem.get("action", "retry") != "retry":
            raise HaomaError(problem)
        time.sleep(wait_s)


def read_problem(refused) -> dict:
    try:
        return json.load(refused)
    except (OSError, ValueError):
        return {}  # not from Haoma: a proxy in front of it answers HTML


def check_webhook(headers, body: bytes, secret: str) -> dict:
    message_id, sent_at = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(sent_at)) > 300:
        raise ValueError("too old")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.digest(key, f"{message_id}.{sent_at}.".encode() + body, hashlib.sha256)
    given = (one.removeprefix("v1,") for one in headers["webhook-signature"].split())
    if not any(hmac.compare_digest(base64.b64encode(expected).decode(), one) for one in given):
        raise ValueError("not from Haoma")
    return json.loads(body)
