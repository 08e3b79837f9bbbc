"""What ``Ref`` and names tell: by which property a resource is named, and by which it is found by name.

From the CloudFormation resource schemas; only types that other resources address by name or ARN.
"""

from typing import Final

NAME_PROPERTIES: Final[dict[str, str]] = {
    "AWS::ApiGateway::DomainName": "DomainName",
    "AWS::ApiGatewayV2::DomainName": "DomainName",
    "AWS::Cassandra::Keyspace": "KeyspaceName",
    "AWS::DAX::Cluster": "ClusterName",
    "AWS::DAX::SubnetGroup": "SubnetGroupName",
    "AWS::DocDB::DBCluster": "DBClusterIdentifier",
    "AWS::DocDB::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::ElastiCache::CacheCluster": "ClusterName",
    "AWS::ElastiCache::ReplicationGroup": "ReplicationGroupId",
    "AWS::ElastiCache::ServerlessCache": "ServerlessCacheName",
    "AWS::ElastiCache::SubnetGroup": "CacheSubnetGroupName",
    "AWS::Elasticsearch::Domain": "DomainName",
    "AWS::Events::EventBus": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Kinesis::Stream": "Name",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::MSK::Cluster": "ClusterName",
    "AWS::MemoryDB::Cluster": "ClusterName",
    "AWS::MemoryDB::SubnetGroup": "SubnetGroupName",
    "AWS::Neptune::DBCluster": "DBClusterIdentifier",
    "AWS::Neptune::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::OpenSearchServerless::Collection": "Name",
    "AWS::OpenSearchService::Domain": "DomainName",
    "AWS::RDS::DBCluster": "DBClusterIdentifier",
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::RDS::DBProxy": "DBProxyName",
    "AWS::RDS::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::Redshift::Cluster": "ClusterIdentifier",
    "AWS::Redshift::ClusterSubnetGroup": "ClusterSubnetGroupName",
    "AWS::RedshiftServerless::Workgroup": "WorkgroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SSM::Parameter": "Name",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
    "AWS::Timestream::Database": "DatabaseName",
}

NESTED_STACKS: Final = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application")

OUTSIDE_CONTENT: Final = (*NESTED_STACKS, "AWS::CloudFormation::CustomResource")
"""Types whose attributes are decided outside the template; ``Custom::*`` and modules are such too."""


def decides_outside(resource_type: str) -> bool:
    """Whether the attributes of a resource of this type are known only after deployment."""
    return (
        resource_type in OUTSIDE_CONTENT or resource_type.startswith("Custom::") or resource_type.endswith("::MODULE")
    )
