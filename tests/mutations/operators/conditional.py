"""Faults that only some combinations of conditions have: the finding has to name them."""

from tests.mutations.edits import add, append, attribute, put, section
from tests.mutations.mutation import HarmlessEdit, breaks, harmless, too

_EU = section("Conditions", "{IsEurope: !Equals [!Select [0, !Split ['-', !Ref 'AWS::Region']], eu]}")

MUTATIONS = (
    breaks(
        "TIER002",
        "conditions",
        "Store",
        "a separate rule exists in development only",
        add("""
            FromOffice:
              Type: AWS::EC2::SecurityGroupIngress
              Condition: IsDev
              Properties:
                GroupId: !GetAtt StoreGroup.GroupId
                IpProtocol: tcp
                FromPort: 3307
                ToPort: 3307
                CidrIp: 203.0.113.0/24
        """),
        when={"IsProd": False},
    ),
    breaks(
        "TIER005",
        "conditions",
        "ArticlesPolicy",
        "everyone reads the articles in development",
        add("""
            ArticlesPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Articles
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: !If [IsProd, {AWS: !GetAtt ReaderRole.Arn}, "*"]
                      Action: s3:GetObject
                      Resource: !Sub ${Articles.Arn}/*
        """),
        put("Articles", "PublicAccessBlockConfiguration", "!Ref AWS::NoValue"),
        when={"IsProd": False},
        also=too("IAM010", "ArticlesPolicy", "the bucket's policy is a resource policy"),
    ),
    breaks(
        "IAM003",
        "conditions",
        "ReaderRole",
        "every bucket in one part of the world",
        _EU,
        put(
            "ReaderRole",
            "Policies 0 PolicyDocument Statement 0 Resource",
            '!If [IsEurope, "*", !Sub "${Articles.Arn}/*"]',
        ),
        when={"IsEurope": True, "IsProd": True},
    ),
    breaks(
        "IAM004",
        "conditions",
        "DevelopmentRole",
        "full access by a list's branch",
        _EU,
        append(
            "DevelopmentRole",
            "ManagedPolicyArns",
            "!If [IsEurope, arn:aws:iam::aws:policy/AmazonS3FullAccess, !Ref AWS::NoValue]",
        ),
        when={"IsDev": True, "IsEurope": True},
    ),
    breaks(
        "AUTH001",
        "conditions",
        "Probe",
        "an open method that exists in development only",
        add("""
            Probe:
              Type: AWS::ApiGateway::Method
              Condition: IsDev
              Properties:
                RestApiId: !Ref Api
                ResourceId: !GetAtt Api.RootResourceId
                HttpMethod: PUT
                AuthorizationType: NONE
                Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: "https://example.com/probe"}
        """),
        when={"IsDev": True, "IsPrivate": False},
    ),
    breaks(
        "AUTH002",
        "conditions",
        "Read",
        "a key alone in development",
        put("Read", "AuthorizationType", "!If [IsProd, COGNITO_USER_POOLS, NONE]"),
        put("Read", "ApiKeyRequired", "true"),
        when={"IsPrivate": False, "IsProd": False},
    ),
    breaks(
        "WAF001",
        "conditions",
        "Live",
        "in development the stage has another name than the association says",
        put("Live", "StageName", "!If [IsProd, !Ref Stage, development]"),
        when={"IsPrivate": False, "IsProd": False},
        target="stage development",
        also=too("WAF005", "WebAclOnLive", "it associates nothing"),
    ),
    breaks(
        "WAF005",
        "conditions",
        "WebAcl",
        "rules that count in development",
        put("WebAcl", "Rules 0 Action", "!If [IsProd, {Block: {}}, {Count: {}}]"),
        put("WebAcl", "Rules 1 OverrideAction", "!If [IsProd, {None: {}}, {Count: {}}]"),
        when={"IsProd": False, "IsPublic": True},
    ),
    breaks(
        "DATA003",
        "conditions",
        "Store",
        "the default VPC's group in development",
        put("Store", "DBSubnetGroupName", "!If [IsProd, !Ref StoreSubnets, default]"),
        put("Store", "PubliclyAccessible", "false"),
        when={"IsProd": False},
    ),
)

HARMLESS: tuple[HarmlessEdit, ...] = (
    harmless(
        "conditions",
        "a condition that is always true",
        section("Conditions", "{Always: !Or [!Condition IsProd, !Condition IsDev]}"),
        attribute("WebAclOnLive", "Condition", "IsPublic"),
        put("WebAclOnLive", "WebACLArn", "!If [Always, !GetAtt WebAcl.Arn, !Ref AWS::NoValue]"),
    ),
    harmless(
        "conditions",
        "both branches name the same authorization",
        put("Live", "StageName", "!If [IsProd, prod, dev]"),
    ),
)
