"""Pieces of templates that the tests of the FUNC rules share."""


def resources(*parts: str, head: str = "") -> str:
    """A template of resources that are written without indentation."""
    lines = [f"  {line}" for part in parts for line in part.strip("\n").splitlines()]
    return head + "Resources:\n" + "\n".join(lines) + "\n"


def function(name: str = "Book", **properties: str) -> str:
    """A plain function with further properties, each written in YAML flow form."""
    written = "".join(f", {key}: {value}" for key, value in properties.items())
    return (
        f"{name}:\n  Type: AWS::Lambda::Function\n"
        f"  Properties: {{Runtime: python3.13, Handler: a.h, Role: 'arn:aws:iam::1:role/r', Code: "
        f"{{ZipFile: x}}{written}}}\n"
    )


def sam_function(name: str = "Book", *lines: str) -> str:
    """A SAM function with further lines of properties."""
    more = "".join(f"    {line}\n" for line in lines)
    return (
        f"{name}:\n  Type: AWS::Serverless::Function\n  Properties:\n"
        f"    Runtime: python3.13\n    Handler: a.h\n    InlineCode: x\n{more}"
    )


SAM = "Transform: AWS::Serverless-2016-10-31\n"
QUEUE = "Orders: {Type: AWS::SQS::Queue}\n"
TOPIC = "News: {Type: AWS::SNS::Topic}\n"


def mapping(source: str = "!GetAtt Orders.Arn", target: str = "!Ref Book", **properties: str) -> str:
    """An event source mapping."""
    written = "".join(f", {key}: {value}" for key, value in properties.items())
    return (
        "Feed:\n  Type: AWS::Lambda::EventSourceMapping\n"
        f"  Properties: {{EventSourceArn: {source}, FunctionName: {target}{written}}}\n"
    )


def subscription(endpoint: str = "!GetAtt Book.Arn") -> str:
    """A topic's subscription of a function."""
    return (
        "Told:\n  Type: AWS::SNS::Subscription\n"
        f"  Properties: {{TopicArn: !Ref News, Protocol: lambda, Endpoint: {endpoint}}}\n"
    )
