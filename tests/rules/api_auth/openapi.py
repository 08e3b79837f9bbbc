"""Templates with OpenAPI bodies, for tests."""

import json

AUTHORIZERS = {
    "iam": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
    "pool": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["arn:pool"]},
    },
    "code": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": "arn:f"},
    },
    "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
    "other_key": {"type": "apiKey", "name": "token", "in": "query"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "oauth": {"type": "oauth2", "flows": {}},
    "jwt": {
        "type": "oauth2",
        "x-amazon-apigateway-authorizer": {"type": "jwt", "jwtConfiguration": {"issuer": "i", "audience": ["a"]}},
    },
    "request": {"type": "apiKey", "x-amazon-apigateway-authorizer": {"type": "request"}},
}


def rest_api(operation: dict[str, object], **root: object) -> str:
    """A REST API whose body has one operation, ``GET /tickets``."""
    return _api("AWS::ApiGateway::RestApi", operation, root, {"swagger": "2.0", "securityDefinitions": AUTHORIZERS})


def rest_api_3(operation: dict[str, object], **root: object) -> str:
    """The same as OpenAPI 3."""
    version = {"openapi": "3.0.1", "components": {"securitySchemes": AUTHORIZERS}}
    return _api("AWS::ApiGateway::RestApi", operation, root, version)


def http_api(operation: dict[str, object], **root: object) -> str:
    """An HTTP API whose body has one operation, ``GET /tickets``."""
    version = {"openapi": "3.0.1", "components": {"securitySchemes": AUTHORIZERS}}
    return _api("AWS::ApiGatewayV2::Api", operation, root, version)


def _api(kind: str, operation: dict[str, object], root: dict[str, object], version: dict[str, object]) -> str:
    body = {**version, **root, "paths": {"/tickets": {"get": operation}}}
    return json.dumps({"Resources": {"Api": {"Type": kind, "Properties": {"Body": body}}}}, indent=1)
