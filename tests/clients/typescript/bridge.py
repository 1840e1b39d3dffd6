# SPDX-License-Identifier: Apache-2.0
"""The client in TypeScript as if it were the one in Python: the same names, done by driver.mjs in Node. So both are
tried by one list of cases (tests/clients/python)."""
import base64
import itertools
import json
import pathlib
import queue
import subprocess
import tempfile
import threading
import time
import types

import pace
import typescript
import ward_client
import ward_client.transport
from ward_client.asking import Done, Fail, Renew, Repeat
from ward_client.grants import Fault, Granted
from ward_client.messages import Failure

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 20
KINDS = {kind.__name__: kind for kind in (ward_client.DeviceError, ward_client.IssuerError, ward_client.ClientError)}
# Node 18 has no global `crypto`; a newer Node is made to have none, as long as it can.
WITHOUT_CRYPTO = "--no-experimental-global-webcrypto"


def given(**fields):
    """Without what is not there."""
    return {name: value for name, value in fields.items() if value is not None}


def text_of(secret):
    return secret.reveal() if isinstance(secret, ward_client.Secret) else secret


def limits_of(limits):
    return {"repetitions": limits.repetitions, "seconds": limits.seconds, "answer": limits.answer}


def party_of(party):
    issuer = party.issuer
    names = {"token_endpoint": "tokenEndpoint", "authorization_endpoint": "authorizationEndpoint",
             "device_authorization_endpoint": "deviceAuthorizationEndpoint"}
    endpoints = {names[name]: value for name, value in issuer.endpoints.items()}
    authority = str(issuer.authority) if issuer.authority else None
    return given(kind=type(party).__name__, issuer=given(url=issuer.url, authority=authority, **endpoints),
                 clientId=party.client_id, secret=text_of(party.client_secret), audience=party.audience,
                 scope=party.scope, parameters=party.parameters,
                 authentication=party.authentication if party.authentication != "none" else None)


def reply_of(reply):
    if isinstance(reply, Failure):
        return {"sent": reply.sent, "reason": reply.reason, "certificate": reply.certificate}
    return {"status": reply.status, "headers": dict(reply.headers), "body": base64.b64encode(reply.body).decode()}


def answer_of(told):
    return ward_client.Answer(told["status"], told["headers"], base64.b64decode(told["body"]))


def token_of(told):
    return ward_client.Token(ward_client.Secret(told["value"]), told.get("ends"), told.get("scope"))


def error_of(told):
    """The same error of the client in Python; both must say it in the same words."""
    assert told["kind"] in KINDS, told
    error = KINDS[told["kind"]](told["error"], told["description"], status=told.get("status"), scope=told.get("scope"),
                                retry_after=told.get("retryAfter"))
    assert (error.hint, str(error)) == (told["hint"], told["message"]), told
    assert not told["caused"]
    error.shown = told["shown"]
    return error


class Node:
    """A process that runs driver.mjs; any thread may call."""

    def __init__(self, words=("node",)):
        folder = typescript.build()
        self.words = [*words]
        if subprocess.run([*self.words, WITHOUT_CRYPTO, "-e", "0"], capture_output=True, timeout=60).returncode == 0:
            self.words.append(WITHOUT_CRYPTO)
        # It runs in the background of a terminal, whose Ctrl-C is not meant for it.
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([*self.words, HERE / "driver.mjs", folder / "dist"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.numbers, self.answers, self.handlers = itertools.count(1), {}, {}
        self.lock, self.waits = threading.Lock(), []
        threading.Thread(target=self._read, daemon=True).start()
        self.hello = self.call("hello")

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        assert self.process.returncode == 0, self.errors()

    def errors(self):
        """What it has written to standard error."""
        self.log.seek(0)
        return self.log.read()

    def _read(self):
        for line in self.process.stdout:
            told = json.loads(line)
            if told.get("event") == "wait":
                self.waits.append(told["seconds"])
            elif "event" in told:
                self.handlers[told["event"], told.get("id", told.get("tokens"))](told)
            else:
                self.answers[told["id"]].put(told)
        for waiting in list(self.answers.values()):
            waiting.put({"error": {"kind": "end", "message": self.errors()}})

    def call(self, do, on=None, **words):
        """`on`: the event that it tells meanwhile, and what to do then."""
        number = next(self.numbers)
        waiting = self.answers[number] = queue.Queue()
        if on is not None:
            self.handlers[on[0], number] = on[1]
        with self.lock:
            self.process.stdin.write(json.dumps({"id": number, "do": do, **words}) + "\n")
            self.process.stdin.flush()
        told = waiting.get(timeout=pace.seconds(SECONDS))
        del self.answers[number]
        if "error" in told:
            raise error_of(told["error"])
        return told["ok"]


class Keeper:
    """What a case sets of what it knows."""

    def __init__(self, node, tokens):
        object.__setattr__(self, "tell", lambda **words: node.call("keeper", tokens=tokens, **words))

    def __setattr__(self, name, value):
        if name == "clock":
            self.tell(offset=value() - time.time())
        elif name == "token":
            assert value is None
            self.tell(forget=True)
        elif name == "chance":
            self.tell(chance=value())
        else:
            assert name == "limits", name
            self.tell(limits=limits_of(value))


class Tokens:
    node = None

    def __init__(self, party, *, refresh_token=None, on_refresh_token=None, limits=ward_client.Limits()):
        self.number = self.node.call("tokens", party=party_of(party), limits=limits_of(limits),
                                     **given(refreshToken=text_of(refresh_token)))
        kept = on_refresh_token or (lambda token: None)
        self.node.handlers["refresh", self.number] = lambda told: kept(told["token"])
        self._keeper = Keeper(self.node, self.number)

    def get(self):
        return token_of(self.node.call("get", tokens=self.number))

    def begin_sign_in(self, redirect_uri):
        told = self.node.call("begin", tokens=self.number, redirectUri=redirect_uri)
        secrets = {name: ward_client.Secret(told[name]) for name in ("state", "verifier")}
        return types.SimpleNamespace(object=told["object"], url=told["url"], redirect_uri=told["redirectUri"],
                                     **secrets)

    def finish_sign_in(self, begun, redirected):
        return token_of(self.node.call("finish", tokens=self.number, begun=begun.object, redirected=redirected))

    def sign_in(self, open_url, *, port=0, seconds=300):
        opening = "open", lambda told: open_url(told["url"])
        return token_of(self.node.call("signIn", opening, tokens=self.number, port=port, seconds=seconds))

    def sign_in_by_code(self, show):
        def shown(told):
            code = told["code"]
            show(ward_client.UserCode(code["code"], code["uri"], code.get("completeUri"), code["seconds"]))
        return token_of(self.node.call("byCode", ("show", shown), tokens=self.number))

    def shown(self):
        return self.node.call("shown", object=self.number)

    def close(self):
        self.node.call("close", object=self.number)


class Device:
    node = None

    def __init__(self, url, tokens, *, authority=None, limits=ward_client.Limits()):
        self.number = self.node.call("device", url=url, tokens=tokens.number, limits=limits_of(limits),
                                     **given(authority=str(authority) if authority else None))

    def request(self, method, target, *, content=None, headers=None, **more):
        body, headers = content, dict(headers or {})
        if "json" in more:
            # As the client in Python writes it, since a case compares bytes.
            body = json.dumps(more.pop("json"))
            headers.setdefault("content-type", "application/json")
        body = body.encode() if isinstance(body, str) else body
        told = self.node.call("request", device=self.number, method=method, target=target, headers=headers,
                              most=ward_client.transport.MOST,
                              **given(body=base64.b64encode(body).decode() if body else None), **more)
        return answer_of(told)

    def get(self, target, **more):
        return self.request("GET", target, **more)

    def post(self, target, **more):
        return self.request("POST", target, **more)

    def shown(self):
        return self.node.call("shown", object=self.number)

    def close(self):
        self.node.call("close", object=self.number)


# ---- Decisions, by the names of the modules in Python.

def decisions(node):
    """What takes the place of the functions that test_decisions.py imports."""

    def decide(method, reply, now, secrets=()):
        known = [text_of(one) for one in secrets]
        told = node.call("decide", method=method, reply=reply_of(reply), now=now, known=known)
        if told["what"] == "done":
            return Done(reply)
        error = error_of(told["error"])
        if told["what"] == "repeat":
            return Repeat(error, told.get("told"))
        return {"renew": Renew, "fail": Fail}[told["what"]](error)

    def read_token(answer, now):
        # The other client does not look at it.
        answer = ward_client.Answer(answer.status, {**answer.headers, "content-type": "application/json"}, answer.body)
        told = node.call("readToken", answer=reply_of(answer), now=now)
        if "fault" in told:
            fault = told["fault"]
            return Fault(fault["whose"], fault["error"], fault["description"])
        return Granted(token_of(told["token"]), told.get("refresh"))

    class Patience:
        def __init__(self, limits, clock, chance):
            self.clock, self.chance = clock, chance
            self.number = node.call("patience", limits=limits_of(limits), now=clock())

        def pause(self, told):
            return node.call("pause", patience=self.number, now=self.clock(), chance=self.chance(), **given(told=told))

        def answer(self):
            return node.call("patienceAnswer", patience=self.number, now=self.clock())

    class Token:
        def __init__(self, _value, ends=None):
            self.ends = ends

        def is_fresh(self, now):
            return node.call("isFresh", now=now, **given(ends=self.ends))

    def issuer(url, **endpoints):
        names = {"token_endpoint": "tokenEndpoint"}
        told = {"url": url, **{names[name]: value for name, value in endpoints.items()}}
        node.call("party", party={"kind": "Application", "issuer": told, "clientId": "x", "audience": "a"})
        return told

    def machine(told, client_id, secret, **options):
        party = {"kind": "Machine", "issuer": told, "clientId": client_id, "secret": secret, **options}
        node.call("party", party=party)

    def make_request(origin, method, target, _json, _content, headers):
        return node.call("makeRequest", origin=origin, method=method, target=target, **given(headers=headers))

    def hint_of(source, error, description=""):
        return node.call("hintOf", source=source, error=error, description=description)

    def is_gates(status, error, description):
        return node.call("isGates", status=status, error=error, description=description)

    return {
        "decide": decide, "read_token": read_token, "Patience": Patience, "Token": Token, "Issuer": issuer,
        "Machine": machine, "make_request": make_request, "hint_of": hint_of, "is_gates": is_gates,
        "challenge": lambda value: node.call("challenge", value=value),
        "retry_after": lambda answer, now: node.call("retryAfter", answer=reply_of(answer), now=now),
        "table": lambda: node.call("table"),
        "origin_of": lambda url: node.call("originOf", url=url),
        "address": lambda origin, target: node.call("address", origin=origin, target=target),
        "scrub": lambda text, secrets=(): node.call("scrub", text=text, known=[text_of(one) for one in secrets if one]),
    }
