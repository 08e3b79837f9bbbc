"""A stack in the emulator: what ``sam build`` and ``sam deploy`` do, without containers.

The template goes in as it is. As ``sam package`` does, local code is zipped and uploaded and its place in it
becomes an S3 address; dependencies are not bundled, since the functions' interpreter has them. The emulator applies
the SAM transform itself.
"""

import hashlib
import io
import json
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cfnlint.decode.cfn_yaml import loads

from tests.reference_stacks.emulator.launcher.added_types import ADDED
from tests.reference_stacks.emulator.process import ACCOUNT, REGION, Emulator

ARTIFACTS: Final = "sam-artifacts"
CAPABILITIES: Final = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
SECONDS_TO_DEPLOY: Final = 120

# Property that may name something local, and whether it is a folder of code, a text or a template.
_LOCAL: Final[Mapping[str, tuple[str, str]]] = {
    "AWS::Serverless::Function": ("CodeUri", "code"),
    "AWS::Serverless::LayerVersion": ("ContentUri", "code"),
    "AWS::Serverless::Api": ("DefinitionUri", "text"),
    "AWS::Serverless::HttpApi": ("DefinitionUri", "text"),
    "AWS::Serverless::StateMachine": ("DefinitionUri", "text"),
    "AWS::Serverless::Application": ("Location", "template"),
    "AWS::CloudFormation::Stack": ("TemplateURL", "template"),
}
_LEFT_OUT: Final = {"__pycache__", "node_modules", ".aws-sam", "tests"}


class DeploymentError(AssertionError):
    """A stack that did not come up; the text has the reasons that CloudFormation gives."""


@dataclass(frozen=True)
class Answer:
    """What an HTTP call came back with."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class DeployedStack:
    """A stack that is CREATE_COMPLETE or UPDATE_COMPLETE."""

    name: str
    emulator: Emulator
    outputs: Mapping[str, str]
    resources: Mapping[str, tuple[str, str]]
    """Logical ID to resource type and physical ID, after the SAM transform."""

    @property
    def handlers_added(self) -> dict[str, str]:
        """The types of this stack that the emulator was given a handler for, and what that does."""
        used = {resource_type for resource_type, _ in self.resources.values()}
        return {resource_type: how for resource_type, how in sorted(ADDED.items()) if resource_type in used}

    def client(self, service: str, *, function: str | None = None) -> Any:
        """A boto3 client of the account's root, or with the credentials that the named function runs with."""
        return self.emulator.client(service, None if function is None else self.credentials_of(function))

    def processed(self, logical_id: str) -> dict[str, Any]:
        """A resource's properties after the SAM transform, references unresolved.

        For what the emulator does not keep.
        """
        answer = self.client("cloudformation").get_template(StackName=self.name, TemplateStage="Processed")
        body = answer["TemplateBody"]
        template = json.loads(body) if isinstance(body, str) else body
        properties: dict[str, Any] = template["Resources"][logical_id]["Properties"]
        return properties

    def physical_id(self, logical_id: str) -> str:
        return self.resources[logical_id][1]

    def of_type(self, resource_type: str) -> dict[str, str]:
        """Logical ID to physical ID of all resources of a type."""
        return {name: physical for name, (kind, physical) in self.resources.items() if kind == resource_type}

    @property
    def api_url(self) -> str:
        """Where the stack's only REST API answers, stage included."""
        [logical_id] = self.of_type("AWS::ApiGateway::RestApi")
        return self.url_of(logical_id)

    def url_of(self, api: str) -> str:
        """Where one REST API answers, at its only stage."""
        api_id = self.physical_id(api)
        [stage] = [each["stageName"] for each in self.client("apigateway").get_stages(restApiId=api_id)["item"]]
        return f"{self.emulator.url}/_aws/execute-api/{api_id}/{stage}"

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        api: str | None = None,
    ) -> Answer:
        """One HTTP call of the API; ``body`` goes as JSON, a text as it stands, ``token`` as a bearer token."""
        sent = {"Accept": "application/json", **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            data = (body if isinstance(body, str) else json.dumps(body)).encode()
            sent.setdefault("Content-Type", "application/json")
        return http(method, (self.url_of(api) if api else self.api_url) + path, data=data, headers=sent)

    def credentials_of(self, function: str) -> dict[str, str]:
        """The credentials of a function's role, as the emulator hands them to the function.

        They follow from the names, the same way as in ``ministack.core.lambda_runtime.execution_credentials``: no
        principal but the Lambda service may assume the role, so there is no other way to stand in for the function.
        """
        described = self.client("lambda").get_function(FunctionName=self.physical_id(function))["Configuration"]
        named = f"{described['FunctionArn']}:{described['Role']}"
        digest = hashlib.sha256(named.encode()).hexdigest()
        return {
            "AccessKeyId": f"ASIA{digest[:16].upper()}",
            "SecretAccessKey": hashlib.sha256(f"secret:{digest}".encode()).hexdigest(),
            "SessionToken": hashlib.sha256(f"token:{digest}".encode()).hexdigest(),
        }

    def allowed(self, role: str, action: str, resource: str) -> bool:
        """What IAM's simulator says about one action of a role that is not a function's."""
        answer = self.client("iam").simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:role/{self.physical_id(role)}",
            ActionNames=[action],
            ResourceArns=[resource],
        )
        [result] = answer["EvaluationResults"]
        return bool(result["EvalDecision"] == "allowed")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like another: tests read its address."""

    def redirect_request(self, *arguments: Any) -> None:
        return None


_OPENER: Final = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def http(method: str, url: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """One HTTP call; every status is an answer, redirects are not followed, no proxy is asked."""
    request = urllib.request.Request(url, data=data, headers=dict(headers or {}), method=method)
    try:
        with _OPENER.open(request, timeout=60) as response:
            return Answer(response.status, dict(response.headers), response.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, dict(error.headers), error.read().decode())


def deploy(
    emulator: Emulator,
    template: Path,
    parameters: Mapping[str, str] | None = None,
    *,
    name: str | None = None,
    files: Mapping[str, bytes] | None = None,
) -> DeployedStack:
    """Deploys a template and waits for it; deploys over a stack of that name when there is one.

    ``files`` (path below the template's folder to content) are what a person puts beside the code before ``sam
    build``. Raises ``DeploymentError`` with CloudFormation's reasons.
    """
    stack_name = name or template.parent.name.replace("_", "-")
    cloudformation = emulator.client("cloudformation")
    url = _packaged(emulator.client("s3"), template, dict(files or {}))
    arguments = {
        "StackName": stack_name,
        "TemplateURL": url,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in (parameters or {}).items()],
        "Capabilities": list(CAPABILITIES),
    }
    exists = any(stack["StackName"] == stack_name for stack in cloudformation.describe_stacks()["Stacks"])
    kind = "update" if exists else "create"
    (cloudformation.update_stack if exists else cloudformation.create_stack)(**arguments)
    try:
        cloudformation.get_waiter(f"stack_{kind}_complete").wait(
            StackName=stack_name, WaiterConfig={"Delay": 0.1, "MaxAttempts": SECONDS_TO_DEPLOY * 10}
        )
    except Exception as error:
        raise DeploymentError(f"{stack_name}: {_reasons(cloudformation, stack_name) or error}") from error
    return described(emulator, stack_name)


def described(emulator: Emulator, stack_name: str) -> DeployedStack:
    """A stack that is already there."""
    cloudformation = emulator.client("cloudformation")
    [stack] = cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
    resources = cloudformation.describe_stack_resources(StackName=stack_name)["StackResources"]
    return DeployedStack(
        name=stack_name,
        emulator=emulator,
        outputs={each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])},
        resources={
            each["LogicalResourceId"]: (each["ResourceType"], each["PhysicalResourceId"]) for each in resources
        },
    )


def _reasons(cloudformation: Any, stack_name: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack_name)["StackEvents"]
    failed = [event for event in reversed(events) if event["ResourceStatus"].endswith("_FAILED")]
    return "\n".join(
        f"{event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason')}"
        for event in failed
    )


def _packaged(s3: Any, template: Path, files: Mapping[str, bytes]) -> str:
    """The address of the template in S3 after everything local that it names was uploaded."""
    if not any(bucket["Name"] == ARTIFACTS for bucket in s3.list_buckets()["Buckets"]):
        s3.create_bucket(Bucket=ARTIFACTS)
    document: dict[str, Any] = json.loads(json.dumps(loads(template.read_text(encoding="utf-8"))))
    inherited = document.get("Globals", {}).get("Function", {}).get("CodeUri")
    for resource in document["Resources"].values():
        if resource["Type"] not in _LOCAL:
            continue
        key, kind = _LOCAL[resource["Type"]]
        properties = resource.setdefault("Properties", {})
        place = properties.get(key) or (inherited if key == "CodeUri" and "InlineCode" not in properties else None)
        if not isinstance(place, str) or "://" in place:
            continue
        local = template.parent / place
        if kind == "template":
            properties[key] = _packaged(s3, local, {})
        elif kind == "code":
            properties[key] = _uploaded(s3, _zipped(local, template.parent, files), "zip")
        else:
            properties[key] = _uploaded(s3, local.read_bytes(), local.suffix.lstrip("."))
    body = json.dumps(document).encode()
    return _uploaded(s3, body, "template").replace(
        f"s3://{ARTIFACTS}/", f"https://s3.{REGION}.amazonaws.com/{ARTIFACTS}/"
    )


def _uploaded(s3: Any, content: bytes, suffix: str) -> str:
    key = f"{hashlib.sha256(content).hexdigest()[:32]}.{suffix}"
    s3.put_object(Bucket=ARTIFACTS, Key=key, Body=content)
    return f"s3://{ARTIFACTS}/{key}"


def _zipped(folder: Path, root: Path, files: Mapping[str, bytes]) -> bytes:
    """An archive whose bytes depend on the content alone."""
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in _code(folder)}
    for name, content in files.items():
        if (root / name).is_relative_to(folder):
            contents[(root / name).relative_to(folder).as_posix()] = content
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(contents.items()):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _code(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _LEFT_OUT & set(path.relative_to(folder).parts):
            yield path
