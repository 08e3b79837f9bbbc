"""Completes the emulator's import of OpenAPI documents, which keeps paths, authorizers and integrations only.

What API Gateway takes besides: models and request validators, required parameters, the answers of mock integrations
(CORS preflights), and gateway responses.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

import json
from collections.abc import Iterator
from typing import Any

from ministack.services import apigateway_v1

METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}
PLACES = {"query": "querystring", "header": "header", "path": "path"}
VALIDATORS, VALIDATOR = "x-amazon-apigateway-request-validators", "x-amazon-apigateway-request-validator"

_import_rest_api = apigateway_v1._import_rest_api


def import_rest_api(document: dict[str, Any], base: dict[str, Any] | None = None) -> str:
    """Imports a document, with all that the emulator can carry out of it."""
    api_id: str = _import_rest_api(document, base)
    schemas = {**document.get("definitions", {}), **document.get("components", {}).get("schemas", {})}
    for name, schema in schemas.items():
        apigateway_v1._create_model(api_id, {"name": name, "schema": json.dumps(schema)})
    validators = {
        name: _made_validator(api_id, name, settings) for name, settings in document.get(VALIDATORS, {}).items()
    }
    for resource_id, method, operation in _operations(api_id, document):
        stored = apigateway_v1._resources[api_id][resource_id]["resourceMethods"][method]
        stored["requestValidatorId"] = validators.get(operation.get(VALIDATOR, document.get(VALIDATOR)))
        stored["requestModels"] = _models(operation)
        stored["requestParameters"] = _required(operation)
        _complete_integration(api_id, resource_id, method, operation)
    for kind, response in document.get("x-amazon-apigateway-gateway-responses", {}).items():
        apigateway_v1._put_gateway_response(api_id, kind, response)
    return api_id


def _operations(api_id: str, document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    resources = {resource["path"]: key for key, resource in apigateway_v1._resources[api_id].items()}
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            name = "ANY" if method.lower() == "x-amazon-apigateway-any-method" else method.upper()
            known = apigateway_v1._resources[api_id][resources[path]]["resourceMethods"]
            if name in known and (method.lower() in METHODS or name == "ANY"):
                yield resources[path], name, operation or {}


def _made_validator(api_id: str, name: str, settings: dict[str, Any]) -> str:
    _, _, body = apigateway_v1._create_request_validator(api_id, {"name": name, **settings})
    return str(json.loads(body)["id"])


def _models(operation: dict[str, Any]) -> dict[str, str]:
    by_type = {
        media_type: content.get("schema", {})
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items()
    }
    for parameter in operation.get("parameters", []):
        if parameter.get("in") == "body":
            by_type["application/json"] = parameter.get("schema", {})
    return {kind: schema["$ref"].rsplit("/", 1)[-1] for kind, schema in by_type.items() if "$ref" in schema}


def _required(operation: dict[str, Any]) -> dict[str, bool]:
    return {
        f"method.request.{PLACES[parameter['in']]}.{parameter['name']}": bool(parameter.get("required"))
        for parameter in operation.get("parameters", [])
        if parameter.get("in") in PLACES
    }


def _complete_integration(api_id: str, resource_id: str, method: str, operation: dict[str, Any]) -> None:
    integration = operation.get("x-amazon-apigateway-integration")
    if not integration:
        return
    stored = apigateway_v1._resources[api_id][resource_id]["resourceMethods"][method]["methodIntegration"]
    for name in ("requestTemplates", "requestParameters", "credentials", "contentHandling", "timeoutInMillis"):
        if name in integration:
            stored[name] = integration[name]
    if "passthroughBehavior" in integration:
        stored["passthroughBehavior"] = integration["passthroughBehavior"].upper()
    for status in operation.get("responses", {}):
        apigateway_v1._put_method_response(api_id, resource_id, method, str(status), {})
    for pattern, response in integration.get("responses", {}).items():
        apigateway_v1._put_integration_response(
            api_id,
            resource_id,
            method,
            str(response.get("statusCode", "200")),
            {**response, "selectionPattern": "" if pattern == "default" else pattern},
        )
