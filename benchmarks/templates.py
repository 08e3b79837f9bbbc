"""The templates that are measured: generated ones of any size, a SAM one, and folders of real ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAM_TEMPLATE = ROOT / "reference_stacks" / "mobile_backend" / "template.yaml"
REAL_TEMPLATES = ROOT.parent / "shared" / "real-templates"

_ENDINGS = {".yaml", ".yml", ".json", ".template"}
_EXECUTE = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}"
_INTEGRATION = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path"

Body = dict[str, Any]


def default_folder() -> Path:
    """Real templates that lie beside the checkout, else the reference stacks."""
    return REAL_TEMPLATES if REAL_TEMPLATES.is_dir() else ROOT / "reference_stacks"


def templates_below(folder: Path) -> list[Path]:
    """The files below a folder that look like templates, in a fixed order."""
    return [path for path in sorted(folder.rglob("*")) if path.suffix in _ENDINGS and _is_template(path)]


def _is_template(path: Path) -> bool:
    text = path.read_bytes()
    return b"Resources" in text and (b"AWS::" in text)


def write_plain(path: Path, resources: int) -> None:
    """Write a plain CloudFormation template with exactly so many resources.

    It grows as architectures do: services behind one REST API, each with a function, a role, a table, a
    subnet and a database's security group, so that the graph's edges grow with the nodes.
    """
    import yaml

    body: dict[str, Body] = dict(_shared())
    service = 0
    while len(body) < resources:
        for name, resource in _service(service):
            if len(body) < resources:
                body[name] = resource
        service += 1
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": dict(list(body.items())[:resources])}
    path.write_text(yaml.safe_dump(template, sort_keys=False), encoding="utf-8")


def _arn(name: str) -> Body:
    return {"Fn::GetAtt": [name, "Arn"]}


def _of(resource_type: str, **properties: object) -> Body:
    return {"Type": resource_type, "Properties": properties}


def _shared() -> Iterator[tuple[str, Body]]:
    yield "Vpc", _of("AWS::EC2::VPC", CidrBlock="10.0.0.0/16")
    yield "PrivateTable", _of("AWS::EC2::RouteTable", VpcId={"Ref": "Vpc"})
    yield "Api", _of("AWS::ApiGateway::RestApi", Name="generated")
    yield "FunctionGroup", _of("AWS::EC2::SecurityGroup", VpcId={"Ref": "Vpc"}, GroupDescription="functions")


def _service(number: int) -> Iterator[tuple[str, Body]]:
    role, function, table, path = (f"{kind}{number}" for kind in ("Role", "Function", "Table", "Path"))
    yield role, _of("AWS::IAM::Role", AssumeRolePolicyDocument=_trust(), Policies=[_policy(table)])
    yield (
        table,
        _of(
            "AWS::DynamoDB::Table",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ),
    )
    yield (
        function,
        _of(
            "AWS::Lambda::Function",
            Runtime="python3.13",
            Handler="index.handler",
            Role=_arn(role),
            Code={"ZipFile": "def handler(event, context):\n    return event\n"},
            Environment={"Variables": {"TABLE": {"Ref": table}}},
            VpcConfig={
                "SubnetIds": [{"Ref": f"Subnet{number}"}],
                "SecurityGroupIds": [{"Fn::GetAtt": ["FunctionGroup", "GroupId"]}],
            },
        ),
    )
    yield (
        f"Subnet{number}",
        _of("AWS::EC2::Subnet", VpcId={"Ref": "Vpc"}, CidrBlock=f"10.0.{number % 256}.{number // 256 * 16}/28"),
    )
    yield (
        f"Routes{number}",
        _of(
            "AWS::EC2::SubnetRouteTableAssociation",
            SubnetId={"Ref": f"Subnet{number}"},
            RouteTableId={"Ref": "PrivateTable"},
        ),
    )
    yield (
        path,
        _of(
            "AWS::ApiGateway::Resource",
            RestApiId={"Ref": "Api"},
            ParentId={"Fn::GetAtt": ["Api", "RootResourceId"]},
            PathPart=f"service{number}",
        ),
    )
    yield f"Method{number}", _of("AWS::ApiGateway::Method", **_method(path, function))
    yield (
        f"Permission{number}",
        _of(
            "AWS::Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName={"Ref": function},
            Principal="apigateway.amazonaws.com",
            SourceArn={"Fn::Sub": f"{_EXECUTE}:${{Api}}/*/GET/service{number}"},
        ),
    )
    yield (
        f"StoreGroup{number}",
        _of(
            "AWS::EC2::SecurityGroup",
            VpcId={"Ref": "Vpc"},
            GroupDescription="store",
            SecurityGroupIngress=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": 5432,
                    "ToPort": 5432,
                    "SourceSecurityGroupId": {"Fn::GetAtt": ["FunctionGroup", "GroupId"]},
                }
            ],
        ),
    )
    yield f"Logs{number}", _of("AWS::Logs::LogGroup", RetentionInDays=30)


def _trust() -> Body:
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _policy(table: str) -> Body:
    statement = {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem"], "Resource": _arn(table)}
    return {"PolicyName": "own-table", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


def _method(path: str, function: str) -> Body:
    uri = f"{_INTEGRATION}/2015-03-31/functions/${{{function}.Arn}}/invocations"
    return {
        "RestApiId": {"Ref": "Api"},
        "ResourceId": {"Ref": path},
        "HttpMethod": "GET",
        "AuthorizationType": "AWS_IAM",
        "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": {"Fn::Sub": uri}},
    }
