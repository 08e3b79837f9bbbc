"""Workloads of many linked stacks, and the time and memory that their check takes.

``python -m benchmarks.workloads [STACKS…]`` makes workloads of these numbers of stacks (default 1, 10, 100, 200),
100 resources a stack, checks each in a process of its own and prints a table. With ``--conditions`` first, each stack
has a condition of its own that nothing decides.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RESOURCES = 100
_PER_SERVICE = 9


def write_workload(folder: Path, stacks: int, conditions: bool = False) -> None:
    """A network stack, then services that import from it and from the service before."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(stacks):
        template = _network() if number == 0 else _service(number)
        if conditions and number:
            _add_condition(template, number)
        (folder / f"stack{number:03}.json").write_text(json.dumps(template, indent=1), encoding="utf-8")


def _add_condition(template: dict[str, Any], number: int) -> None:
    """Let an open condition choose names, and whether a function, its role and its table are made."""
    template["Parameters"] = {"Stage": {"Type": "String"}}
    template["Conditions"] = {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}
    resources = template["Resources"]
    for name in ("Table0", "Role0", "Code0"):
        resources[f"Prod{name}"] = {**resources[name], "Condition": "IsProd"}
    for name, declared in resources.items():
        if declared["Type"] == "AWS::DynamoDB::Table":
            named = {"Fn::If": ["IsProd", f"prod-{number}-{name}", f"dev-{number}-{name}"]}
            declared["Properties"] = {**declared["Properties"], "TableName": named}
        if declared["Type"] == "AWS::RDS::DBInstance":
            named = {"Fn::Sub": f"${{Stage}}-{number}-{name.lower()}"}
            declared["Properties"] = {**declared["Properties"], "DBInstanceIdentifier": named}


def _network() -> dict[str, Any]:
    resources: dict[str, Any] = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/8"}},
        "Closed": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
    }
    outputs: dict[str, Any] = {"Vpc": {"Value": {"Ref": "Vpc"}, "Export": {"Name": "net-vpc"}}}
    for number in range((RESOURCES - 2) // 2):
        subnet = {"VpcId": {"Ref": "Vpc"}, "CidrBlock": f"10.{number}.0.0/16"}
        resources[f"Subnet{number}"] = {"Type": "AWS::EC2::Subnet", "Properties": subnet}
        joined = {"SubnetId": {"Ref": f"Subnet{number}"}, "RouteTableId": {"Ref": "Closed"}}
        resources[f"In{number}"] = {"Type": "AWS::EC2::SubnetRouteTableAssociation", "Properties": joined}
        outputs[f"Subnet{number}"] = {"Value": {"Ref": f"Subnet{number}"}, "Export": {"Name": f"net-subnet{number}"}}
    return {"Resources": resources, "Outputs": outputs}


def _service(number: int) -> dict[str, Any]:
    resources: dict[str, Any] = {}
    for part in range(RESOURCES // _PER_SERVICE):
        resources |= _part(number, part)
    for extra in range(RESOURCES - len(resources)):
        resources[f"Topic{extra}"] = {"Type": "AWS::SNS::Topic"}
    outputs = {"Table": {"Value": {"Fn::GetAtt": "Table0.Arn"}, "Export": {"Name": f"service{number}-table"}}}
    return {"Resources": resources, "Outputs": outputs}


def _part(number: int, part: int) -> dict[str, Any]:
    """A function with its role and table behind an API, in the network, beside a database."""
    statements = [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": {"Fn::GetAtt": f"Table{part}.Arn"}}]
    if number > 1 and part == 0:
        other = {"Fn::ImportValue": f"service{number - 1}-table"}
        statements.append({"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": other})
    trusted = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    subnets = [{"Fn::ImportValue": f"net-subnet{(number + part + step) % 40}"} for step in range(2)]
    policies = [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}]
    key = {"AttributeName": "id"}
    return {
        f"Table{part}": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{**key, "AttributeType": "S"}],
                "KeySchema": [{**key, "KeyType": "HASH"}],
            },
        },
        f"Role{part}": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trusted]},
                "Policies": policies,
            },
        },
        f"Group{part}": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {"GroupDescription": "code", "VpcId": {"Fn::ImportValue": "net-vpc"}},
        },
        f"StoreGroup{part}": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {"GroupDescription": "store", "VpcId": {"Fn::ImportValue": "net-vpc"}},
        },
        f"Rule{part}": {
            "Type": "AWS::EC2::SecurityGroupIngress",
            "Properties": {
                "GroupId": {"Ref": f"StoreGroup{part}"},
                "SourceSecurityGroupId": {"Ref": f"Group{part}"},
                "IpProtocol": "tcp",
                "FromPort": 5432,
                "ToPort": 5432,
            },
        },
        f"Subnets{part}": {
            "Type": "AWS::RDS::DBSubnetGroup",
            "Properties": {"DBSubnetGroupDescription": "store", "SubnetIds": subnets},
        },
        f"Store{part}": {
            "Type": "AWS::RDS::DBInstance",
            "Properties": {
                "DBInstanceClass": "db.t3.micro",
                "Engine": "postgres",
                "PubliclyAccessible": False,
                "DBSubnetGroupName": {"Ref": f"Subnets{part}"},
                "VPCSecurityGroups": [{"Ref": f"StoreGroup{part}"}],
            },
        },
        f"Code{part}": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Role": {"Fn::GetAtt": f"Role{part}.Arn"},
                "Runtime": "python3.12",
                "Handler": "code.handler",
                "Code": {"ZipFile": "pass"},
                "VpcConfig": {"SubnetIds": subnets, "SecurityGroupIds": [{"Ref": f"Group{part}"}]},
            },
        },
        f"Api{part}": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": f"api{number}x{part}"}},
    }


def check(folder: Path) -> None:
    """Check a workload in this process and print seconds, megabytes at most and findings as JSON."""
    from validator.review import ReviewRequest, review

    start = time.perf_counter()
    result = review(ReviewRequest((str(folder),), folder, root_is_given=True))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak, "findings": len(result.findings)}))


def main(arguments: list[str]) -> None:
    """Print the table."""
    if arguments[:1] == ["--check"]:
        check(Path(arguments[1]))
        return
    conditions = arguments[:1] == ["--conditions"]
    arguments = arguments[1:] if conditions else arguments
    print("| stacks | resources | seconds | seconds a stack | MB | findings |")
    print("| --- | --- | --- | --- | --- | --- |")
    for stacks in [int(text) for text in arguments] or [1, 10, 100, 200]:
        with tempfile.TemporaryDirectory() as folder:
            write_workload(Path(folder), stacks, conditions)
            command = [sys.executable, "-m", "benchmarks.workloads", "--check", folder]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        row = (stacks, stacks * RESOURCES, round(found["seconds"], 1), round(found["seconds"] / stacks, 2))
        print("|", " | ".join(map(str, (*row, round(found["megabytes"]), found["findings"]))), "|")


if __name__ == "__main__":
    main(sys.argv[1:])
