"""Ways to open a trust, a permission or a resource policy (IAM008 to IAM010)."""

from tests.mutations.edits import add, append, drop, put
from tests.mutations.mutation import breaks, harmless, too

_TRUST = "AssumeRolePolicyDocument Statement"
_STATEMENT = "PolicyDocument Statement"

_TRUSTS = (
    breaks(
        "IAM008",
        "messages",
        "DeployRole",
        "another account without an external ID",
        drop("DeployRole", f"{_TRUST} 1 Condition"),
    ),
    breaks(
        "IAM008",
        "messages",
        "DeployRole",
        "every repository of GitHub",
        drop("DeployRole", f"{_TRUST} 0 Condition StringEquals token.actions.githubusercontent.com:sub"),
    ),
    breaks(
        "IAM008",
        "messages",
        "DeployRole",
        "a prefix that other organisations share",
        drop("DeployRole", f"{_TRUST} 0 Condition StringEquals token.actions.githubusercontent.com:sub"),
        put(
            "DeployRole",
            f"{_TRUST} 0 Condition StringLike",
            "{'token.actions.githubusercontent.com:sub': 'repo:example*'}",
        ),
    ),
    breaks(
        "IAM008",
        "edge",
        "MemberRole",
        "any identity pool of anyone",
        drop("MemberRole", f"{_TRUST} 0 Condition StringEquals"),
    ),
    breaks(
        "IAM008",
        "rest_api",
        "TicketsRole",
        "everyone may take the role",
        put("TicketsRole", f"{_TRUST} 0 Principal", '{AWS: "*"}'),
    ),
    breaks(
        "IAM008",
        "rest_api",
        "ShowsRole",
        "a service that does not need it",
        put("ShowsRole", f"{_TRUST} 0 Principal Service", "[lambda.amazonaws.com, ec2.amazonaws.com]"),
    ),
)

_PERMISSIONS = (
    breaks("IAM009", "rest_api", "ShowsPermission", "no source", drop("ShowsPermission", "SourceArn")),
    breaks(
        "IAM009",
        "rest_api",
        "TicketsPermission",
        "a source in any account",
        put("TicketsPermission", "SourceArn", "arn:aws:execute-api:*:*:*"),
    ),
    breaks(
        "IAM009",
        "messages",
        "UploadsPermission",
        "a bucket's ARN without the account",
        drop("UploadsPermission", "SourceAccount"),
    ),
    breaks("IAM009", "messages", "SalesPermission", "any topic", drop("SalesPermission", "SourceArn")),
    breaks(
        "IAM009",
        "messages",
        "NightlyPermission",
        "every action of the service",
        put("NightlyPermission", "Action", "lambda:*"),
    ),
    breaks(
        "IAM009",
        "edge",
        "BalancerPermission",
        "no account for the load balancer",
        drop("BalancerPermission", "SourceAccount"),
    ),
    breaks(
        "IAM009",
        "edge",
        "QuoteUrlPermission QuoteInvokePermission",
        "any distribution of anyone",
        drop("QuoteUrlPermission", "SourceArn"),
        drop("QuoteInvokePermission", "SourceArn"),
        also=too("WAF003", "QuoteUrl", "a distribution of anyone leads around this one's web ACL"),
    ),
)

_POLICIES = (
    breaks(
        "IAM010",
        "messages",
        "OrdersPolicy",
        "the source is no longer named",
        drop("OrdersPolicy", f"{_STATEMENT} 0 Condition"),
    ),
    breaks(
        "IAM010",
        "messages",
        "OrdersPolicy",
        "a condition that anyone meets",
        put("OrdersPolicy", f"{_STATEMENT} 0 Condition", "{Bool: {'aws:SecureTransport': 'true'}}"),
    ),
    breaks(
        "IAM010",
        "messages",
        "OrdersPolicy",
        "a source in every account",
        put("OrdersPolicy", f"{_STATEMENT} 0 Condition", "{ArnLike: {'aws:SourceArn': 'arn:aws:sns:*:*:sales'}}"),
    ),
    breaks(
        "IAM010",
        "messages",
        "SalesPolicy",
        "everyone may publish",
        put("SalesPolicy", f"{_STATEMENT} 0 Principal", '"*"'),
    ),
    breaks(
        "IAM010",
        "messages",
        "PartnerTokenPolicy",
        "everyone may read the secret",
        put("PartnerTokenPolicy", "ResourcePolicy Statement 0 Principal", '{AWS: ["*"]}'),
    ),
    breaks(
        "IAM010",
        "messages",
        "Key",
        "any account through the service",
        drop("Key", "KeyPolicy Statement 1 Condition StringEquals kms:CallerAccount"),
    ),
    breaks(
        "IAM010", "messages", "BusPolicy", "everyone may put events", put("BusPolicy", "Statement Principal", '"*"')
    ),
    breaks(
        "IAM010",
        "rest_api",
        "Images",
        "a repository that everyone pulls from",
        add("""
        Images:
          Type: AWS::ECR::Repository
          Properties:
            RepositoryPolicyText:
              Version: "2012-10-17"
              Statement: [{Effect: Allow, Principal: "*", Action: "ecr:BatchGetImage"}]
    """),
    ),
)

MUTATIONS = (*_TRUSTS, *_PERMISSIONS, *_POLICIES)

HARMLESS = (
    harmless(
        "messages",
        "the load balancer's way: the account instead of the source",
        drop("SalesPermission", "SourceArn"),
        put("SalesPermission", "SourceAccount", "!Ref AWS::AccountId"),
    ),
    harmless("messages", "the account alone is what S3 needs", drop("UploadsPermission", "SourceArn")),
    harmless(
        "messages",
        "everyone of one organisation sends from one topic",
        put(
            "OrdersPolicy", f"{_STATEMENT} 0 Condition", "{StringEquals: {'aws:SourceAccount': !Ref AWS::AccountId}}"
        ),
    ),
    harmless(
        "messages",
        "a Deny for everyone but one role",
        append(
            "UploadsPolicy",
            _STATEMENT,
            """
            Effect: Deny
            NotPrincipal: {AWS: "arn:aws:iam::444455556666:role/shop"}
            Action: s3:DeleteObject
            Resource: !Sub arn:aws:s3:::uploads-${AWS::AccountId}/*
            """,
        ),
    ),
)
