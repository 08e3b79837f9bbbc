"""Starts the emulator with the added handlers; ends when its standard input is closed.

Run by the tests with the environment's interpreter. The port, the address and the rest are the emulator's own
variables (``GATEWAY_PORT``, ``BIND_HOST``, ``AUTH`` ...).
"""

import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from added_types import ADDED, PATCHED, REAL, STUBBED
from ministack import app
from ministack.core import lambda_runtime
from ministack.services import apigateway_v1, lambda_svc
from ministack.services.cloudformation import provisioners
from network import HANDLERS
from openapi import import_rest_api
from servers import CREATED_BY

_create_function = provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]["create"]


def add_handlers() -> None:
    """Gives the emulator every type of the list, and refuses to start when list and handlers do not agree."""
    known = provisioners._RESOURCE_HANDLERS
    if present := sorted(name for name in (*REAL, *STUBBED) if name in known):
        raise SystemExit(f"the emulator has handlers of its own by now: {present}; take them from added_types.py")
    if missing := sorted(name for name in PATCHED if name not in known):
        raise SystemExit(f"the emulator lost the handlers that are patched: {missing}")
    for name in STUBBED:
        known[name] = {"create": CREATED_BY.get(name) or recorded(name), "delete": forget}
    known.update(HANDLERS)
    for name in PATCHED:
        known[name] = {**known[name], "create": CREATED_BY[name]}
    apigateway_v1._import_rest_api = import_rest_api
    known["AWS::Lambda::Function"] = {**known["AWS::Lambda::Function"], "create": create_function}
    if without := sorted(name for name in ADDED if name not in known):
        raise SystemExit(f"added_types.py lists types without a handler: {without}")


def create_function(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    """The emulator's own function; its credentials are there from now on, and not from its first call on only."""
    name, attributes = _create_function(logical_id, properties, stack_name)
    lambda_runtime.execution_credentials(lambda_svc._functions[name]["config"])
    return name, attributes


def recorded(resource_type: str) -> Callable[[str, dict[str, Any], str], tuple[str, dict[str, Any]]]:
    """A handler that makes nothing but an identifier, the attributes named Arn and Id, and what the type derives."""
    service, kind = resource_type.split("::")[1:]

    def create(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
        physical_id = f"{stack_name}-{logical_id}-{secrets.token_hex(6)}"
        arn = f"arn:aws:{service.lower()}:us-east-1:000000000000:{kind.lower()}/{physical_id}"
        return physical_id, {"Arn": arn, "Id": physical_id, **derived(resource_type, physical_id, properties)}

    return create


def derived(resource_type: str, physical_id: str, properties: dict[str, Any]) -> dict[str, Any]:
    if resource_type == "AWS::Amplify::App":
        app_id = "d" + secrets.token_hex(6)
        return {"AppId": app_id, "AppName": properties["Name"], "DefaultDomain": f"{app_id}.amplifyapp.com"}
    if resource_type == "AWS::Amplify::Branch":
        return {"BranchName": properties["BranchName"]}
    return {}


def forget(physical_id: str, properties: dict[str, Any]) -> None:
    """Nothing was made, so nothing is left."""


def end_with_the_tests() -> None:
    """The tests hold the other end of the standard input: when they are gone, however they went, so is this."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    add_handlers()
    threading.Thread(target=end_with_the_tests, daemon=True).start()
    sys.argv = ["ministack"]
    app.main()
