"""References of the CDK that are no exports: parameters of another region, and outputs read by the stack's name."""

import json
from pathlib import Path

import pytest

from tests.workloads.running import NETWORK, of
from validator.discover import DiscoveredFile
from validator.model import Finding, Review
from validator.review import ReviewRequest, review
from validator.workload import StackPlan

NAME = "/cdk/exports/Data/NetworkRefSubnet"


def network(public: bool) -> dict[str, object]:
    resources: dict[str, object] = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Gateway": {"Type": "AWS::EC2::InternetGateway"},
        "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.1.0/24"}},
        "Link": {
            "Type": "AWS::EC2::SubnetRouteTableAssociation",
            "Properties": {"SubnetId": {"Ref": "Subnet"}, "RouteTableId": {"Ref": "Table"}},
        },
    }
    if public:
        way = {"RouteTableId": {"Ref": "Table"}, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": {"Ref": "Gateway"}}
        resources["Way"] = {"Type": "AWS::EC2::Route", "Properties": way}
    return {"Resources": resources, "Outputs": {"Out": {"Value": {"Ref": "Subnet"}}}}


def database(subnet: object) -> dict[str, object]:
    group = {"DBSubnetGroupDescription": "x", "SubnetIds": [subnet]}
    db = {"DBInstanceClass": "db.t3.micro", "Engine": "postgres", "DBSubnetGroupName": {"Ref": "Group"}}
    return {
        "Resources": {
            "Group": {"Type": "AWS::RDS::DBSubnetGroup", "Properties": group},
            "Db": {"Type": "AWS::RDS::DBInstance", "Properties": db},
        }
    }


def judged(root: Path, *stacks: tuple[str, dict[str, object], str | None]) -> Review:
    """A review of named stacks, each with its template and region."""
    plans = []
    for number, (name, template, region) in enumerate(stacks):
        path = root / f"{number}-{name}.json"
        path.write_text(json.dumps(template))
        plans.append(StackPlan(DiscoveredFile(path, path.name), name, region=region, named=True))
    return review(ReviewRequest((), root, stacks=tuple(plans), root_is_given=True))


def placed(result: Review) -> Finding:
    (finding,) = of(result, "DATA002", "Db")
    return finding


def writing(template: dict[str, object], region: str) -> dict[str, object]:
    writer = {
        "Type": "Custom::CrossRegionExportWriter",
        "Properties": {"WriterProps": {"region": region, "exports": {NAME: {"Ref": "Subnet"}}}},
    }
    resources = template["Resources"]
    assert isinstance(resources, dict)
    return {**template, "Resources": {**resources, "Writer": writer}}


def reading() -> dict[str, object]:
    template = database({"Fn::GetAtt": ["Reader", NAME]})
    imports = {NAME: "{{resolve:ssm:" + NAME + "}}"}
    reader = {
        "Type": "Custom::CrossRegionExportReader",
        "Properties": {"ReaderProps": {"region": "eu-west-1", "prefix": "Data", "imports": imports}},
    }
    resources = template["Resources"]
    assert isinstance(resources, dict)
    return {"Resources": {**resources, "Reader": reader}}


@pytest.mark.parametrize(("public", "verdict"), [(True, "fail"), (False, "pass")])
def test_a_reference_across_regions_is_followed(tmp_path, public, verdict):
    giver = writing(network(public), "eu-west-1")
    result = judged(tmp_path, ("Network", giver, "us-east-1"), ("Data", reading(), "eu-west-1"))
    assert not result.incomplete
    assert placed(result).verdict.value == verdict


def test_a_reference_that_is_written_to_another_region_is_not_met(tmp_path):
    giver = writing(network(public=False), "eu-central-1")
    finding = placed(judged(tmp_path, ("Network", giver, "us-east-1"), ("Data", reading(), "eu-west-1")))
    assert (finding.verdict.value, [missing.key for missing in finding.missing]) == ("unknown", [f"ssm:{NAME}"])


def test_a_reference_whose_writer_is_not_in_the_run_is_unknown_by_name(tmp_path):
    finding = placed(judged(tmp_path, ("Data", reading(), "eu-west-1")))
    assert finding.verdict.value == "unknown"
    assert [missing.what for missing in finding.missing] == [
        f"{NAME} is written by a stack of another region that is not in the run"
    ]


def read_output(stack: str, output: str, region: object = None) -> dict[str, object]:
    more = {} if region is None else {"Region": region}
    return database({"Fn::GetStackOutput": {"StackName": stack, "OutputName": output, **more}})


@pytest.mark.parametrize(("public", "verdict"), [(True, "fail"), (False, "pass")])
@pytest.mark.parametrize("region", [None, {"Ref": "AWS::Region"}, "us-east-1"])
def test_an_output_is_read_by_the_name_of_its_stack(tmp_path, public, verdict, region):
    reader = "eu-west-1" if region == "us-east-1" else "us-east-1"
    result = judged(
        tmp_path,
        ("Network", network(public), "us-east-1"),
        ("Data", read_output("Network", "Out", region), reader),
    )
    assert placed(result).verdict.value == verdict


@pytest.mark.parametrize(
    ("stack", "output", "region"),
    [("Other", "Out", None), ("Network", "Else", None), ("Network", "Out", "eu-central-1")],
)
def test_an_output_that_no_stack_of_the_run_has_there_is_unknown(tmp_path, stack, output, region):
    reader = read_output(stack, output, region)
    finding = placed(judged(tmp_path, ("Network", network(public=False), "us-east-1"), ("Data", reader, "us-east-1")))
    assert finding.verdict.value == "unknown"


def test_of_stacks_of_one_name_that_of_the_region_is_read(tmp_path):
    """The private subnets of the reader's own region do not stand in for the public ones that it names."""
    both = (("Network", network(public=False), "eu-west-1"), ("Networks", network(public=True), "us-east-1"))
    plans = []
    for number, (name, template, region) in enumerate([*both, ("Data", read_output("N", "Out", "us-east-1"), None)]):
        path = tmp_path / f"{number}-{name}.json"
        path.write_text(json.dumps(template))
        stack = "Data" if name == "Data" else "N"
        plans.append(
            StackPlan(DiscoveredFile(path, path.name), stack, "shop", region=region or "eu-west-1", named=True)
        )
    result = review(ReviewRequest((), tmp_path, stacks=tuple(plans), root_is_given=True))
    assert placed(result).verdict.value == "fail"


def test_an_export_is_read_in_the_region_of_the_reader(tmp_path):
    """One workload in two regions: the export of the other region does not stand in."""
    reader = database({"Fn::ImportValue": "net-subnet"})
    plans = []
    for number, (template, region) in enumerate(
        [(network(public=False), "us-east-1"), (network(public=True), "eu-west-1"), (reader, "eu-west-1")]
    ):
        if "Outputs" in template:
            template["Outputs"] = {"Out": {"Value": {"Ref": "Subnet"}, "Export": {"Name": "net-subnet"}}}
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(template))
        file = DiscoveredFile(path, path.name)
        plans.append(StackPlan(file, f"stack{number}", "shop", region=region, named=True))
    result = review(ReviewRequest((), tmp_path, stacks=tuple(plans), root_is_given=True))
    assert not result.incomplete
    assert placed(result).verdict.value == "fail"


def test_templates_without_such_references_are_as_they_were(tmp_path):
    (tmp_path / "network.yaml").write_text(NETWORK)
    result = review(ReviewRequest((str(tmp_path),), tmp_path, root_is_given=True))
    assert result.stacks == ()


API = {
    "Resources": {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "x"}},
        "Stage": {
            "Type": "AWS::ApiGateway::Stage",
            "Properties": {"RestApiId": {"Ref": "Api"}, "DeploymentId": "d", "StageName": "v1"},
        },
    },
    "Outputs": {"Id": {"Value": {"Ref": "Api"}}},
}


@pytest.mark.parametrize(("output", "verdict"), [("Id", "pass"), ("Other", "unknown")])
def test_what_refers_to_a_resource_by_such_a_reference_is_found(tmp_path, output, verdict):
    """The association stands in another stack and names the API by the output of the API's stack."""
    read = {"Fn::GetStackOutput": {"StackName": "Api", "OutputName": output}}
    arn = {"Fn::Sub": ["arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Id}/stages/v1", {"Id": read}]}
    acl = {
        "Scope": "REGIONAL",
        "DefaultAction": {"Block": {}},
        "VisibilityConfig": {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "x"},
    }
    guard = {
        "Resources": {
            "Acl": {"Type": "AWS::WAFv2::WebACL", "Properties": acl},
            "Link": {
                "Type": "AWS::WAFv2::WebACLAssociation",
                "Properties": {"ResourceArn": arn, "WebACLArn": {"Fn::GetAtt": ["Acl", "Arn"]}},
            },
        },
    }
    files = {"Api": API, "Guard": guard}
    plans = []
    for name, template in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(template))
        plans.append(StackPlan(DiscoveredFile(tmp_path / f"{name}.json", f"{name}.json"), name, "shop", named=True))
    result = review(ReviewRequest((), tmp_path, stacks=tuple(plans), root_is_given=True))
    assert {finding.verdict.value for finding in of(result, "WAF001", "Stage")} == {verdict}
