"""Handlers that go through the emulator's own EC2, AWS WAF and Secrets Manager."""

import json
import re
from collections.abc import Callable
from typing import Any

from ministack.services import ec2, secretsmanager, waf
from ministack.services.cloudformation import provisioners

Created = tuple[str, dict[str, Any]]


class RefusedError(ValueError):
    """The emulated service did not take what the template says; CloudFormation shows the text."""


def asked(call: Callable[[dict[str, Any]], Any], **parameters: Any) -> str:
    """The body of one call of the EC2 query protocol."""
    status, _, body = call({name: [str(value)] for name, value in parameters.items() if value is not None})
    text = body.decode() if isinstance(body, bytes) else str(body)
    if status >= 400:
        raise RefusedError(text)
    return text


def told(call: Callable[[dict[str, Any]], Any], **parameters: Any) -> None:
    """One call of a JSON protocol whose answer does not matter unless it is an error."""
    status, _, body = call(parameters)
    if status >= 400:
        raise RefusedError(body.decode() if isinstance(body, bytes) else str(body))


def element(name: str, xml: str) -> str:
    found = re.search(rf"<{name}>(.*?)</{name}>", xml)
    if found is None:
        raise RefusedError(f"{name} is not in the answer {xml}")
    return found.group(1)


def create_elastic_ip(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    answer = asked(ec2._allocate_address, Domain=properties.get("Domain"))
    allocation_id, public_ip = element("allocationId", answer), element("publicIp", answer)
    return public_ip, {"AllocationId": allocation_id, "PublicIp": public_ip}


def delete_elastic_ip(physical_id: str, properties: dict[str, Any]) -> None:
    for allocation_id, address in list(ec2._addresses.items()):
        if address["PublicIp"] == physical_id:
            asked(ec2._release_address, AllocationId=allocation_id)


def create_nat_gateway(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    answer = asked(
        ec2._create_nat_gateway,
        SubnetId=properties["SubnetId"],
        AllocationId=properties.get("AllocationId"),
        ConnectivityType=properties.get("ConnectivityType"),
    )
    gateway_id = element("natGatewayId", answer)
    return gateway_id, {"NatGatewayId": gateway_id}


def delete_nat_gateway(physical_id: str, properties: dict[str, Any]) -> None:
    asked(ec2._delete_nat_gateway, NatGatewayId=physical_id)


def create_flow_log(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    answer = asked(
        ec2._create_flow_logs,
        **{"ResourceId.1": properties["ResourceId"]},
        ResourceType=properties["ResourceType"],
        TrafficType=properties.get("TrafficType"),
        LogDestinationType=properties.get("LogDestinationType"),
        LogDestination=properties.get("LogDestination"),
        LogGroupName=properties.get("LogGroupName"),
    )
    flow_log_id = element("item", answer)
    return flow_log_id, {"Id": flow_log_id}


def delete_flow_log(physical_id: str, properties: dict[str, Any]) -> None:
    asked(ec2._delete_flow_logs, **{"FlowLogId.1": physical_id})


def create_network_acl(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    acl_id = element("networkAclId", asked(ec2._create_network_acl, VpcId=properties["VpcId"]))
    return acl_id, {"Id": acl_id}


def delete_network_acl(physical_id: str, properties: dict[str, Any]) -> None:
    asked(ec2._delete_network_acl, NetworkAclId=physical_id)


def create_network_acl_entry(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    asked(
        ec2._create_network_acl_entry,
        NetworkAclId=properties["NetworkAclId"],
        RuleNumber=properties["RuleNumber"],
        Protocol=properties["Protocol"],
        RuleAction=properties["RuleAction"],
        Egress=str(properties.get("Egress", False)).lower(),
        CidrBlock=properties.get("CidrBlock"),
        Ipv6CidrBlock=properties.get("Ipv6CidrBlock"),
    )
    return f"{stack_name}-{logical_id}", {}


def delete_network_acl_entry(physical_id: str, properties: dict[str, Any]) -> None:
    asked(
        ec2._delete_network_acl_entry,
        NetworkAclId=properties["NetworkAclId"],
        RuleNumber=properties["RuleNumber"],
        Egress=str(properties.get("Egress", False)).lower(),
    )


def rules_of(group_id: str, direction: str) -> list[dict[str, Any]]:
    ec2._ensure_defaults_initialized()
    group = ec2._security_groups.get(group_id)
    if group is None:
        raise RefusedError(f"The security group '{group_id}' does not exist")
    rules: list[dict[str, Any]] = group[direction]
    return rules


def security_group_rule(direction: str) -> dict[str, Callable[..., Any]]:
    """Handlers for a rule that stands beside its group."""

    def create(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
        rules = rules_of(properties["GroupId"], direction)
        added = provisioners._ec2_sg_permissions([properties])
        if direction == "IpPermissionsEgress":
            # A rule of this type takes the place of the one that lets everything out by default.
            rules[:] = [rule for rule in rules if rule not in provisioners._ec2_sg_egress_permissions(None)]
        rules.extend(added)
        return f"sgr-{stack_name}-{logical_id}".lower(), {}

    def delete(physical_id: str, properties: dict[str, Any]) -> None:
        rules = rules_of(properties["GroupId"], direction)
        removed = provisioners._ec2_sg_permissions([properties])
        rules[:] = [rule for rule in rules if rule not in removed]

    return {"create": create, "delete": delete}


def create_web_acl_association(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    told(waf._associate_web_acl, WebACLArn=properties["WebACLArn"], ResourceArn=properties["ResourceArn"])
    return f"{properties['WebACLArn']}|WEBACL|{properties['ResourceArn']}", {}


def delete_web_acl_association(physical_id: str, properties: dict[str, Any]) -> None:
    told(waf._disassociate_web_acl, ResourceArn=properties["ResourceArn"])


def secret_of(secret_id: str) -> dict[str, Any]:
    _, secret = secretsmanager._resolve(secret_id)
    if secret is None:
        raise RefusedError(f"Secrets Manager can't find the secret {secret_id}.")
    found: dict[str, Any] = secret
    return found


def create_rotation_schedule(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    secret = secret_of(properties["SecretId"])
    secret["RotationEnabled"] = True
    secret["RotationLambdaARN"] = properties.get("RotationLambdaARN")
    secret["RotationRules"] = properties.get("RotationRules")
    return str(secret["ARN"]), {}


def delete_rotation_schedule(physical_id: str, properties: dict[str, Any]) -> None:
    secret_of(physical_id)["RotationEnabled"] = False


def create_secret_policy(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    policy = properties["ResourcePolicy"]
    told(
        secretsmanager._put_resource_policy,
        SecretId=properties["SecretId"],
        ResourcePolicy=policy if isinstance(policy, str) else json.dumps(policy),
    )
    return str(properties["SecretId"]), {}


def delete_secret_policy(physical_id: str, properties: dict[str, Any]) -> None:
    told(secretsmanager._delete_resource_policy, SecretId=physical_id)


HANDLERS: dict[str, dict[str, Callable[..., Any]]] = {
    "AWS::EC2::EIP": {"create": create_elastic_ip, "delete": delete_elastic_ip},
    "AWS::EC2::FlowLog": {"create": create_flow_log, "delete": delete_flow_log},
    "AWS::EC2::NatGateway": {"create": create_nat_gateway, "delete": delete_nat_gateway},
    "AWS::EC2::NetworkAcl": {"create": create_network_acl, "delete": delete_network_acl},
    "AWS::EC2::NetworkAclEntry": {"create": create_network_acl_entry, "delete": delete_network_acl_entry},
    "AWS::EC2::SecurityGroupEgress": security_group_rule("IpPermissionsEgress"),
    "AWS::EC2::SecurityGroupIngress": security_group_rule("IpPermissions"),
    "AWS::SecretsManager::ResourcePolicy": {"create": create_secret_policy, "delete": delete_secret_policy},
    "AWS::SecretsManager::RotationSchedule": {
        "create": create_rotation_schedule,
        "delete": delete_rotation_schedule,
    },
    "AWS::WAFv2::WebACLAssociation": {
        "create": create_web_acl_association,
        "delete": delete_web_acl_association,
    },
}
