"""Ways to grant a role more than its part needs (IAM001 to IAM007, IAM011 to IAM013)."""

from tests.mutations.edits import add, append, drop, put
from tests.mutations.mutation import breaks, gone, harmless, too

_STATEMENT = "Policies 0 PolicyDocument Statement"

_UNNAMED = "the grant names no store any more"
_SHARED = "whose grant it is cannot be told of a shared role"

_WILDCARDS = (
    breaks(
        "IAM001",
        "rest_api",
        "TicketsRole",
        "the whole service on the table",
        put("TicketsRole", f"{_STATEMENT} 0 Action", "dynamodb:*"),
    ),
    breaks(
        "IAM001",
        "rest_api",
        "ShowsPolicy",
        "the whole service in a list, in capitals",
        append("ShowsPolicy", "PolicyDocument Statement 0 Action", '"DynamoDB:*"'),
    ),
    breaks(
        "IAM001",
        "messages",
        "ImportGrants",
        "everything on one secret, in a managed policy",
        put("ImportGrants", "PolicyDocument Statement 1 Action", '"*"'),
    ),
    breaks(
        "IAM001",
        "conditions",
        "ReaderRole",
        "the whole service in production",
        put("ReaderRole", f"{_STATEMENT} 0 Action", "!If [IsProd, 's3:*', 's3:GetObject']"),
    ),
    breaks(
        "IAM001",
        "mobile_backend",
        "ShowsFunction",
        "the whole service in the reference stack",
        put("ShowsFunction", "Policies 0 Statement 0 Action", "dynamodb:*"),
    ),
    breaks(
        "IAM001",
        "sam_services",
        "News",
        "a statement beside the policy template",
        append(
            "News",
            "Policies",
            "{Statement: [{Effect: Allow, Action: 'dynamodb:*', Resource: !GetAtt NewsTable.Arn}]}",
        ),
    ),
    breaks(
        "IAM002",
        "rest_api",
        "TicketsRole",
        "a partial wildcard that holds writes",
        put("TicketsRole", f"{_STATEMENT} 0 Action", "[dynamodb:Put*, dynamodb:Query]"),
    ),
    breaks(
        "IAM002",
        "conditions",
        "ReaderRole",
        "a partial wildcard that holds permissions management",
        put("ReaderRole", f"{_STATEMENT} 0 Action", "[s3:GetObject, 's3:PutObject*']"),
    ),
    breaks(
        "IAM002",
        "messages",
        "ImportGrants",
        "a question mark and a star",
        put("ImportGrants", "PolicyDocument Statement 3 Action", "dynamodb:?pdate*"),
    ),
    breaks(
        "IAM003",
        "rest_api",
        "TicketsRole",
        "all tables by a star",
        put("TicketsRole", f"{_STATEMENT} 0 Resource", '"*"'),
        also=gone("IAM011 IAM013", "Tickets", _UNNAMED),
    ),
    breaks(
        "IAM003",
        "rest_api",
        "ShowsPolicy",
        "all tables of the account and Region",
        put(
            "ShowsPolicy",
            "PolicyDocument Statement 0 Resource 0",
            "!Sub arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/*",
        ),
    ),
    breaks(
        "IAM003",
        "conditions",
        "ReaderRole",
        "the objects of all buckets",
        put("ReaderRole", f"{_STATEMENT} 0 Resource", "arn:aws:s3:::*/*"),
    ),
    breaks(
        "IAM003",
        "messages",
        "ImportGrants",
        "all secrets",
        put(
            "ImportGrants",
            "PolicyDocument Statement 1 Resource",
            "!Join [':', [arn:aws:secretsmanager, !Ref AWS::Region, !Ref AWS::AccountId, secret, '*']]",
        ),
    ),
    breaks(
        "IAM003",
        "mobile_backend",
        "TicketsFunction",
        "a star in the reference stack",
        put("TicketsFunction", "Policies 0 Statement 0 Resource", '["*"]'),
        also=gone("IAM011 IAM013", "TicketsFunction", _UNNAMED),
    ),
    breaks(
        "IAM003",
        "vpc_stores",
        "WorkerRole",
        "the action that needs no star takes those that do with it",
        append(
            "WorkerRole",
            _STATEMENT,
            "{Effect: Allow, Action: [xray:PutTraceSegments, sqs:SendMessage], Resource: '*'}",
        ),
    ),
)

_MANAGED = (
    breaks(
        "IAM004",
        "rest_api",
        "TicketsRole",
        "full access to DynamoDB",
        append("TicketsRole", "ManagedPolicyArns", "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"),
    ),
    breaks(
        "IAM004",
        "rest_api",
        "ShowsRole",
        "the administrator, partition by Sub",
        append("ShowsRole", "ManagedPolicyArns", '!Sub "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"'),
    ),
    breaks(
        "IAM004",
        "messages",
        "AuditRole",
        "broad without the word",
        put("AuditRole", "ManagedPolicyArns", "[arn:aws:iam::aws:policy/SecretsManagerReadWrite]"),
    ),
    breaks(
        "IAM004",
        "messages",
        "AuditRole",
        "an older execution policy that writes every bucket",
        append("AuditRole", "ManagedPolicyArns", "arn:aws:iam::aws:policy/AWSLambdaExecute"),
    ),
    breaks("IAM004", "sam_services", "News", "a bare name in SAM", append("News", "Policies", "AmazonS3FullAccess")),
    breaks(
        "IAM004",
        "conditions",
        "DevelopmentRole",
        "power in development",
        append("DevelopmentRole", "ManagedPolicyArns", "arn:aws:iam::aws:policy/PowerUserAccess"),
    ),
    breaks(
        "IAM005",
        "rest_api",
        "TicketsRole",
        "a function takes another's role",
        put("Shows", "Role", "!GetAtt TicketsRole.Arn"),
        also=(
            *gone("IAM005", "ShowsRole", "no function runs as it"),
            *gone("IAM011", "Tickets", _SHARED),
            *too("IAM013", "Shows", "with the role it takes the other's grants"),
        ),
    ),
    breaks(
        "IAM005",
        "rest_api",
        "TicketsRole",
        "the same role, spelt with Sub",
        put("PartnerCheck", "Role", '!Sub "${TicketsRole.Arn}"'),
        also=gone("IAM005", "PartnerCheckRole", "no function runs as it") + gone("IAM011", "Tickets", _SHARED),
    ),
    breaks(
        "IAM005",
        "messages",
        "ImportRole",
        "the same role by its name",
        put("ImportRole", "RoleName", "shop-import"),
        put("Audit", "Role", "!Sub arn:aws:iam::${AWS::AccountId}:role/shop-import"),
        also=gone("IAM005", "AuditRole", "no function runs as it") + gone("IAM011", "Import", _SHARED),
    ),
    breaks(
        "IAM005",
        "sam_services",
        "News",
        "a function takes the role that SAM makes for another",
        put("Export", "Role", "!GetAtt NewsRole.Arn"),
        also=gone("IAM005", "Export", "the verdict stands at the role"),
    ),
    breaks(
        "IAM005",
        "conditions",
        "DevelopmentRole",
        "one role in development only",
        add("""
            Writer:
              Type: AWS::Lambda::Function
              Properties:
                Runtime: python3.13
                Handler: app.handler
                Role: !If [IsProd, !GetAtt WriterRole.Arn, !GetAtt DevelopmentRole.Arn]
                Code: {ZipFile: "def handler(event, context): return {}"}
            WriterRole:
              Type: AWS::IAM::Role
              Condition: IsProd
              Properties:
                AssumeRolePolicyDocument:
                  Version: "2012-10-17"
                  Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
        """),
    ),
)

_ESCALATION = (
    breaks(
        "IAM006",
        "messages",
        "DeployRole",
        "a role may be passed to any service",
        append(
            "DeployRole",
            _STATEMENT,
            "{Effect: Allow, Action: 'iam:PassRole', Resource: 'arn:aws:iam::111122223333:role/app-*'}",
        ),
    ),
    breaks(
        "IAM006",
        "messages",
        "AuditRole",
        "the code of other functions may be replaced",
        append(
            "AuditRole",
            _STATEMENT,
            "{Effect: Allow, Action: 'lambda:UpdateFunctionCode', Resource: !GetAtt Import.Arn}",
        ),
    ),
    breaks(
        "IAM006",
        "rest_api",
        "TicketsRole",
        "it may write its own policy",
        append(
            "TicketsRole",
            _STATEMENT,
            "{Effect: Allow, Action: 'iam:PutRolePolicy', Resource: 'arn:aws:iam::111122223333:role/tickets-*'}",
        ),
    ),
    breaks(
        "IAM007",
        "rest_api",
        "TicketsRole",
        "everything but some actions is allowed",
        drop("TicketsRole", f"{_STATEMENT} 0 Action"),
        put("TicketsRole", f"{_STATEMENT} 0 NotAction", "[dynamodb:DeleteTable, dynamodb:Scan]"),
        also=gone("IAM011 IAM013", "Tickets", _UNNAMED),
    ),
    breaks(
        "IAM007",
        "messages",
        "ImportGrants",
        "every table but one",
        drop("ImportGrants", "PolicyDocument Statement 3 Resource"),
        put("ImportGrants", "PolicyDocument Statement 3 NotResource", "!GetAtt Items.Arn"),
        also=gone("IAM011", "Import", _UNNAMED),
    ),
    breaks(
        "IAM007",
        "messages",
        "OrdersPolicy",
        "everyone but one account",
        drop("OrdersPolicy", "PolicyDocument Statement 0 Principal"),
        drop("OrdersPolicy", "PolicyDocument Statement 0 Condition"),
        put("OrdersPolicy", "PolicyDocument Statement 0 NotPrincipal", '{AWS: "arn:aws:iam::444455556666:root"}'),
        also=too("IAM010", "OrdersPolicy", "everyone else may send"),
    ),
)

_UNUSED = (
    breaks(
        "IAM011",
        "messages",
        "Audit",
        "a table that the function does not know",
        append("AuditRole", _STATEMENT, "{Effect: Allow, Action: 'dynamodb:PutItem', Resource: !GetAtt Items.Arn}"),
    ),
    breaks("IAM011", "rest_api", "Tickets", "the function loses its table's name", drop("Tickets", "Environment")),
    breaks(
        "IAM012",
        "messages",
        "Robot",
        "a user in the workload",
        add("""
        Robot:
          Type: AWS::IAM::User
    """),
    ),
    breaks(
        "IAM012",
        "rest_api",
        "RobotKey",
        "an access key of a user elsewhere",
        add("""
        RobotKey:
          Type: AWS::IAM::AccessKey
          Properties: {UserName: robot}
    """),
    ),
    breaks(
        "IAM013",
        "rest_api",
        "Shows",
        "the function of /shows may delete tickets",
        append(
            "ShowsPolicy",
            "PolicyDocument Statement",
            "{Effect: Allow, Action: 'dynamodb:DeleteItem', Resource: !GetAtt TicketsTable.Arn}",
        ),
        put("Shows", "Environment Variables TICKETS_TABLE", "!Ref TicketsTable"),
    ),
    breaks(
        "IAM013",
        "mobile_backend",
        "ShowsFunction",
        "the function of /shows may write the tickets",
        append(
            "ShowsFunction",
            "Policies 0 Statement",
            "{Effect: Allow, Action: 'dynamodb:PutItem', Resource: !GetAtt TicketsTable.Arn}",
        ),
        put("ShowsFunction", "Environment Variables TICKETS_TABLE", "!Ref TicketsTable"),
    ),
)

MUTATIONS = (*_WILDCARDS, *_MANAGED, *_ESCALATION, *_UNUSED)

HARMLESS = (
    harmless(
        "rest_api",
        "a wildcard in a Deny is no grant",
        append(
            "TicketsRole",
            _STATEMENT,
            """
            Effect: Deny
            NotAction: dynamodb:*
            Resource: "*"
            Condition: {Bool: {aws:SecureTransport: "false"}}
            """,
        ),
    ),
    harmless(
        "rest_api", "an own policy whose name says full access", put("ShowsPolicy", "PolicyName", "TicketsFullAccess")
    ),
    harmless(
        "rest_api",
        "a partial wildcard that holds reads only",
        put("ShowsPolicy", "PolicyDocument Statement 0 Action", "[dynamodb:Get*, dynamodb:Query]"),
    ),
    harmless(
        "vpc_stores",
        "the network interfaces of a function need a star",
        append(
            "WorkerRole",
            _STATEMENT,
            """
            Effect: Allow
            Action: [ec2:CreateNetworkInterface, ec2:DescribeNetworkInterfaces, ec2:DeleteNetworkInterface]
            Resource: "*"
            """,
        ),
    ),
    harmless(
        "rest_api",
        "metrics need a star",
        append("TicketsRole", _STATEMENT, "{Effect: Allow, Action: 'cloudwatch:PutMetricData', Resource: '*'}"),
    ),
    harmless(
        "sam_services",
        "policies beside a role are ignored by SAM",
        put("Export", "Policies", "[AdministratorAccess]"),
    ),
)
