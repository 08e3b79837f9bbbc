"""AUTH004: an AppSync API that lets an API key in."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis.appsync import (
    API_KEY,
    EVENT_API,
    GRAPHQL_API,
    NAMESPACE,
    additional_modes,
    default_mode,
    is_merged,
    modes,
    schema_of,
)
from validator.graph.apis.graphql_schema import Field
from validator.model import Category, Evidence, Missing, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_ROOTS = ("Mutation", "Subscription", "Query")
_SHOWN = 5


class GraphqlApiKey(Rule):
    """An AppSync API whose data can be changed, or read by default, with an API key.

    ## What it proves
    No field of a GraphQL API falls to `API_KEY` as the default mode, and no field that changes data names
    `@aws_api_key`. A field's directive replaces its type's, which replaces the default. An Event API takes no
    key for publishing or subscribing.

    ## Why it matters
    The key of an AppSync API stands in every client and is the same for all. Whoever has it is whoever looked.

    ## How to fix
    Make Cognito, IAM, OIDC or a Lambda authorizer the default mode; open single queries to the key with
    `@aws_api_key` where their data is public.

    ## What it cannot see
    Schemas kept in S3 and those of merged APIs' sources: the verdict is then *unknown*.

    ## References
    AppSync Developer Guide: *Configuring authorization and authentication to secure your GraphQL APIs*.
    """

    meta = RuleMeta(
        id="AUTH004",
        title="An AppSync API lets an API key in",
        category=Category.API_AUTH,
        severity=Severity.MEDIUM,
        why="An API key stands in every client and tells nobody apart.",
        subjects=(GRAPHQL_API, EVENT_API, NAMESPACE),
        lens=("SEC1.a1",),
        references=("https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html",),
    )
    examples = (
        Example.fails(
            "mutations fall to the default mode",
            """\
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: tickets
      AuthenticationType: API_KEY  # <- finding
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Api.ApiId
      Definition: "type Mutation { sell(id: ID!): ID }"
""",
        ),
        Example.passes(
            "every field names another mode",
            """\
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: tickets
      AuthenticationType: API_KEY
      AdditionalAuthenticationProviders: [{AuthenticationType: AWS_IAM}]
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Api.ApiId
      Definition: "type Mutation @aws_iam { sell(id: ID!): ID }"
""",
        ),
        Example.unknown(
            "the schema is kept in S3",
            """\
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: tickets
      AuthenticationType: API_KEY  # <- finding
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties: {ApiId: !GetAtt Api.ApiId, DefinitionS3Location: s3://schemas/tickets.graphql}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Verdicts on a GraphQL API by root type, on an Event API and its namespaces by direction."""
        if subject.type == GRAPHQL_API:
            yield from self._graphql(subject, graph)
        elif subject.type == EVENT_API:
            yield from self._events(subject, graph)
        else:
            for name in ("PublishAuthModes", "SubscribeAuthModes"):
                value = subject.prop(name)
                if not value.is_absent:
                    yield self._direction(subject, value, name)

    def _graphql(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        mode = default_mode(subject)
        extra = [one for one in additional_modes(subject) if one.literal == API_KEY]
        if mode.literal is None:
            yield self._undecided(subject, mode)
            return
        if mode.literal != API_KEY and not extra and (open_mode := _open_mode(subject)) is not None:
            yield from self._perhaps(subject, mode, open_mode, graph)
            return
        if mode.literal != API_KEY and not extra:
            message = f"{subject.name} takes no API key: its default mode is {mode.literal}"
            yield self.passes(subject, message, evidence=(subject.states(f"uses {mode.literal}", mode.span),))
            return
        schema = schema_of(graph, subject)
        missing = schema.missing if schema is not None else None
        if missing is not None or (is_merged(subject) and schema is None):
            yield self._unseen(subject, mode if mode.literal == API_KEY else extra[0], missing)
        elif schema is None or not schema.fields:
            yield self._without_schema(subject, mode)
        else:
            for root in _ROOTS:
                fields = [field for field in schema.fields if field.root == root]
                if fields:
                    yield self._root(subject, mode, root, fields)

    def _perhaps(self, subject: Resource, mode: Value, missing: Missing, graph: Architecture) -> Iterator[Judgement]:
        """A further mode that an input decides matters only where the schema opens something to a key."""
        schema = schema_of(graph, subject)
        named = schema is not None and any("aws_api_key" in field.directives for field in schema.fields)
        if named or (schema is not None and schema.missing is not None):
            message = f"{subject.name} may take an API key besides {mode.literal}: {missing.what}"
            yield self.unknown(subject, message, missing=(missing,), at=mode.span)
            return
        message = f"{subject.name} opens nothing to an API key: its default mode is {mode.literal}"
        yield self.passes(subject, message, evidence=(subject.states(f"uses {mode.literal}", mode.span),))

    def _undecided(self, subject: Resource, mode: Value) -> Judgement:
        missing = mode.missing or _absent(subject)
        message = f"{subject.name} has a default mode that is not decided: {missing.what}"
        return self.unknown(subject, message, missing=(missing,))

    def _unseen(self, subject: Resource, mode: Value, missing: Missing | None) -> Judgement:
        cause = missing or Missing(
            f"the schema of merged API {subject.name} comes from its sources",
            "review the source APIs, and accept this here with a reason",
            f"schema:{subject.name}",
        )
        message = f"{subject.name} takes an API key, and which fields it opens is not decided: {cause.what}"
        step = subject.states("takes an API key", mode.span)
        return self.unknown(subject, message, missing=(cause,), evidence=(step,), at=mode.span)

    def _without_schema(self, subject: Resource, mode: Value) -> Judgement:
        if mode.literal != API_KEY:
            message = f"{subject.name} takes an API key besides, and no schema in the run names it"
            return self.passes(subject, message, evidence=(subject.states("takes an API key besides"),))
        message = f"{subject.name} takes an API key by default, and no schema in the run says otherwise"
        step = subject.states("has API_KEY as its default mode", mode.span)
        return self.fails(subject, message, evidence=(step,), fix=_fix(subject), at=mode.span)

    def _root(self, subject: Resource, mode: Value, root: str, fields: list[Field]) -> Judgement:
        by_default = mode.literal == API_KEY
        opened = [field.name for field in fields if _takes_key(field, by_default)]
        named = [field.name for field in fields if "aws_api_key" in field.directives]
        wrong = [name for name in opened if root == "Mutation" or name not in named]
        step = subject.states(f"has {mode.literal} as its default mode", mode.span)
        if not wrong:
            message = f"{subject.name} lets no key in to fields of {root} that it guards"
            if named:
                message = f"{subject.name} opens {_listed(root, named)} to an API key, by directive and for reading"
            return self.passes(subject, message, evidence=(step,), target=root)
        steps = (step, Evidence(subject.name, f"opens {_listed(root, wrong)} to an API key", mode.span))
        message = f"{subject.name} lets an API key call {_listed(root, wrong)}"
        severity = Severity.LOW if root == "Query" else None
        return self.fails(
            subject, message, evidence=steps, fix=_fix(subject), at=mode.span, target=root, severity=severity
        )

    def _events(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        namespaces = graph.referrers(subject, NAMESPACE)
        for name, own in (
            ("DefaultPublishAuthModes", "PublishAuthModes"),
            ("DefaultSubscribeAuthModes", "SubscribeAuthModes"),
        ):
            replaced = bool(namespaces) and all(not space.prop(own).is_absent for space in namespaces)
            value = subject.prop("EventConfig", name)
            if not replaced and not value.is_absent:
                yield self._direction(subject, value, name)

    def _direction(self, subject: Resource, value: Value, name: str) -> Judgement:
        publishing = "Publish" in name
        verb = "publishing" if publishing else "subscribing"
        found = modes(value)
        key = next((mode for text, mode in found if text == API_KEY), None)
        if key is not None:
            message = f"{subject.name} takes an API key for {verb}"
            step = subject.states(f"lists API_KEY in {name}", key.span)
            fix = f"list another mode in {name} of {subject.name} (AuthType: AMAZON_COGNITO_USER_POOLS)"
            severity = None if publishing else Severity.LOW
            return self.fails(
                subject, message, evidence=(step,), fix=fix, at=key.span, target=verb, severity=severity
            )
        open_mode = next((mode for text, mode in found if text is None), None)
        if open_mode is not None or value.missing is not None:
            missing = (open_mode or value).missing or _absent(subject)
            message = f"{subject.name} has modes for {verb} that are not decided: {missing.what}"
            return self.unknown(subject, message, missing=(missing,), target=verb)
        message = f"{subject.name} takes no API key for {verb}"
        step = subject.states(f"lists {', '.join(text or '' for text, _ in found)} in {name}", value.span)
        return self.passes(subject, message, evidence=(step,), at=value.span, target=verb)


def _open_mode(subject: Resource) -> Missing | None:
    """The input that decides a further mode, if one does."""
    whole = subject.prop("AdditionalAuthenticationProviders").missing
    return whole or next((one.missing for one in additional_modes(subject) if one.missing is not None), None)


def _takes_key(field: Field, by_default: bool) -> bool:
    return "aws_api_key" in field.directives or (by_default and not field.directives)


def _listed(root: str, names: list[str]) -> str:
    shown = ", ".join(f"{root}.{name}" for name in names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"


def _fix(subject: Resource) -> str:
    if subject.origin.resource_type == "AWS::Serverless::GraphQLApi":
        return f"set Auth.Type of {subject.name} to another mode (Auth: {{Type: AWS_IAM}})"
    return f"set AuthenticationType of {subject.name} to another mode (AuthenticationType: AMAZON_COGNITO_USER_POOLS)"


def _absent(subject: Resource) -> Missing:
    return Missing(f"{subject.name} says no mode", "write AuthenticationType", f"mode:{subject.name}")
