# SPDX-License-Identifier: Apache-2.0
"""What `ward routes --openapi` must write, from DESIGN's table of answers and the table of test_routes.py."""
from test_routes import TABLE, needed

BODIES = {
    "InvalidPath": ("invalid_request", "The path is not plain"),
    "InvalidRequest": ("invalid_request", "The Authorization header is malformed or there twice"),
    "Unauthorized": ("unauthorized", "An access token is needed"),
    "InvalidToken": ("invalid_token", "The access token is not valid here"),
    "ExpiredToken": ("invalid_token", "The access token expired"),
    "InsufficientScope": ("insufficient_scope", "The access token lacks a scope"),
    "HttpsRequired": ("https_required", "Use https"),
    "NotFound": ("not_found", "There is nothing at this path"),
    "MethodNotAllowed": ("method_not_allowed", "The path does not have this method"),
    "RateLimited": ("rate_limited", "Too many requests"),
    "ServerError": ("server_error", "The request could not be decided"),
    "TemporarilyUnavailable": ("temporarily_unavailable", "Tokens cannot be checked now"),
}
# A response: the kinds of its body, and what it has besides Cache-Control.
ANSWERS = {
    "InvalidPath": (["InvalidPath"], {}),
    "InvalidRequest": (["InvalidPath", "InvalidRequest"], {"WWW-Authenticate": "Challenge"}),
    "Unauthorized": (["Unauthorized", "InvalidToken", "ExpiredToken"], {"WWW-Authenticate": "Challenge"}),
    "Forbidden": (["InsufficientScope", "HttpsRequired"], {"WWW-Authenticate": "Challenge"}),
    "InsufficientScope": (["InsufficientScope"], {"WWW-Authenticate": "Challenge"}),
    "HttpsRequired": (["HttpsRequired"], {}),
    "NotFound": (["NotFound"], {}),
    "MethodNotAllowed": (["MethodNotAllowed"], {"Allow": "Allow"}),
    "RateLimited": (["RateLimited"], {"Retry-After": "RetryAfter"}),
    "ServerError": (["ServerError"], {}),
    "TemporarilyUnavailable": (["TemporarilyUnavailable"], {"Retry-After": "RetryAfter"}),
}
HEADERS = {
    "CacheControl": {"required": True, "schema": {"type": "string", "const": "no-store"}},
    "Allow": {"required": True, "schema": {"type": "string", "pattern": "^[A-Z]+(, [A-Z]+)*$"}},
    "Challenge": {"schema": {"type": "string", "pattern": '^Bearer realm="'}},
    "RetryAfter": {"schema": {"type": "integer", "minimum": 1}},
}


def reference(folder, name):
    return {"$ref": f"#/components/{folder}/{name}"}


def body_of(kind, scope):
    error, description = BODIES[kind]
    return {
        "error": error, "error_description": description, **({"scope": scope} if kind == "InsufficientScope" else {})
    }


def schema_of(kind):
    error, description = BODIES[kind]
    properties = {
        "error": {"type": "string", "const": error}, "error_description": {"type": "string", "const": description}
    }
    if kind == "InsufficientScope":
        properties["scope"] = {"type": "string"}
    return {"type": "object", "required": list(properties), "properties": properties}


def response_of(name, scope):
    kinds, headers = ANSWERS[name]
    schemas = [reference("schemas", kind) for kind in kinds]
    content = {
        "schema": schemas[0] if len(kinds) == 1 else {"oneOf": schemas},
        "examples": {kind: {"value": body_of(kind, scope)}
                     for kind in kinds}
    }
    return {
        "headers": {
            header: reference("headers", component)
            for header, component in {"Cache-Control": "CacheControl", **headers}.items()
        }, "content": {"application/json": content}
    }


def responses_of(public, scopes, cleartext):
    """The names of an operation's answers, by their status."""
    forbidden = {(True, False): "Forbidden", (True, True): "InsufficientScope", (False, False): "HttpsRequired"}.get(
                     (scopes, cleartext))
    names = {
        "2XX": "Granted", "400": "InvalidPath" if public else "InvalidRequest",
        "401": None if public else "Unauthorized", "403": forbidden, "404": "NotFound", "405": "MethodNotAllowed",
        "429": None if public else "RateLimited", "500": "ServerError",
        "503": None if public else "TemporarilyUnavailable"
    }
    return {status: name for status, name in names.items() if name}


def without_prose(value):
    """A document without the sentences for people."""
    if isinstance(value, dict):
        return {
            name: without_prose(item)
            for name, item in value.items() if name != "description" or not isinstance(item, str)
        }
    return [without_prose(item) for item in value] if isinstance(value, list) else value


def expected_operation(pattern, method, path, rest):
    need = needed(pattern, method)
    name = "".join("_" if c == "/" else c for c in path)
    operation = {
        "operationId": method.lower() + name + ("__path" if rest else ""),
        "summary": f"{method} {path}{'/{path}' if rest else ''}", "tags": [pattern],
        "security": [{"issuer": [need]}] if need else []
    }
    if method in ("POST", "PUT", "PATCH"):
        operation["requestBody"] = reference("requestBodies", "Anything")
    responses = responses_of(public=not need, scopes=bool(need), cleartext=False)
    return {**operation, "responses": {status: reference("responses", name) for status, name in responses.items()}}


def expected_paths():
    paths = {}
    for pattern in TABLE:
        for rest in (False, True) if pattern.endswith("/*") else (False, ):
            path = pattern.removesuffix("/*")
            item = {"parameters": [reference("parameters", "Rest")]} if rest else {}
            item.update({
                method.lower(): expected_operation(pattern, method, path, rest)
                for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") if needed(pattern, method) is not None
            })
            paths[path + ("/{path}" if rest else "")] = item
    return paths
