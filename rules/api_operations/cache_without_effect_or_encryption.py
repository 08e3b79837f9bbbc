"""API011: a cache of answers that does nothing, or keeps them unencrypted."""

from collections.abc import Iterator

from rules.api_operations.stage_rule import StageRule
from validator.graph import Architecture, Resource
from validator.graph.apis import rest
from validator.graph.apis.stage_settings import StageSettings
from validator.model import Category, Missing, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, RuleMeta

API_CACHE = "AWS::AppSync::ApiCache"
_STAGE = """\
Resources:
  Live:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !ImportValue tickets-api
      DeploymentId: d1
      StageName: live
      CacheClusterEnabled: true
      MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", CachingEnabled: true, CacheDataEncrypted: ENCRYPTED}]MARK
"""


class CacheWithoutEffectOrEncryption(StageRule):
    """A cache that is paid for and not used, switched on without a cluster, or not encrypted.

    ## What it proves
    Where a REST stage has a cache cluster, `CachingEnabled` is true for some method; where a method has
    `CachingEnabled`, the stage has a cluster; what is cached is encrypted (`CacheDataEncrypted`), and so is an
    AppSync cache (`AtRestEncryptionEnabled`, `TransitEncryptionEnabled`). All of these are off by default.

    ## Why it matters
    A cluster costs by the hour whether methods use it or not. What it keeps are the answers that callers had to be
    authorized for.

    ## How to fix
    Set `CachingEnabled: true`, `CacheDataEncrypted: true` and `CacheTtlInSeconds` in `MethodSettings`, or remove
    `CacheClusterEnabled`.

    ## What it cannot see
    Whether the answers may be cached, and whether the cache key tells callers apart. Stages without a cache are not
    judged: whether one is worth it depends on the load.

    ## References
    API Gateway Developer Guide: *Cache settings for REST APIs*; Security Hub controls APIGateway.5, AppSync.1 and .6.
    """

    meta = RuleMeta(
        id="API011",
        title="A cache of answers does nothing or is not encrypted",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="Answers for authorized callers lie in a cache in plain text, or a cache is paid for in vain.",
        subjects=(rest.STAGE, rest.DEPLOYMENT, API_CACHE),
        lens=("PERF1.a5",),
        references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "answers are cached in plain text",
            _STAGE.replace("ENCRYPTED", "false").replace("MARK", "  # <- finding"),
        ),
        Example.passes("answers are cached and encrypted", _STAGE.replace("ENCRYPTED", "true").replace("MARK", "")),
        Example.unknown(
            "an input decides",
            "Parameters:\n  Encrypted: {Type: String}\n"
            + _STAGE.replace("ENCRYPTED", "!Ref Encrypted").replace("MARK", "  # <- finding"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Verdicts on the cache of a stage or of a GraphQL API."""
        if subject.type == API_CACHE:
            yield from self._appsync(subject)
            return
        yield from super().judge(subject, graph)

    def judge_stage(self, stage: StageSettings, graph: Architecture) -> Iterator[Judgement]:
        """Verdicts on the effect and on the encryption of a stage's cache; none where there is no cache."""
        cluster = stage.get("CacheClusterEnabled")
        caching = [(whom, value) for whom, value in stage.settings("CachingEnabled") if value.boolean() is not False]
        if cluster.boolean() is not True and not caching and cluster.missing is None:
            return
        undecided = cluster.missing or stage.get("MethodSettings").missing
        if undecided is not None:
            yield self.undecided(stage, undecided)
            return
        yield self._effect(stage, cluster, caching)
        if cluster.boolean() and caching:
            yield from self._encryption(stage, [whom for whom, _ in caching])

    def _effect(self, stage: StageSettings, cluster: Value, caching: list[tuple[str, Value]]) -> Judgement:
        subject, label, target = stage.resource, f"{stage.resource.name} {stage.label}", f"{stage.label} effect"
        if not caching:
            step = subject.states("has a cache cluster and caches no method", cluster.span)
            message = f"{label} pays for a cache that no method uses: CachingEnabled is true for none"
            fix = f"in MethodSettings of {subject.name} set CachingEnabled: true, or remove CacheClusterEnabled"
            return self.fails(subject, message, evidence=(step,), fix=fix, at=cluster.span, target=target)
        whom, value = caching[0]
        if not cluster.boolean():
            step = subject.states(f"caches {whom} and has no cache cluster", value.span)
            message = f"{label} caches nothing: CachingEnabled is set for {whom} and the stage has no cache cluster"
            fix = f"set CacheClusterEnabled on {subject.name} (CacheClusterEnabled: true, CacheClusterSize: '0.5')"
            return self.fails(subject, message, evidence=(step,), fix=fix, at=value.span, target=target)
        if value.missing is not None:
            message = f"{label} may cache nothing: {value.missing.what}"
            return self.unknown(subject, message, missing=(value.missing,), at=value.span, target=target)
        step = subject.states(f"caches {whom}", value.span)
        return self.passes(subject, f"{label} caches {whom}", evidence=(step,), at=cluster.span, target=target)

    def _encryption(self, stage: StageSettings, cached: list[str]) -> Iterator[Judgement]:
        subject, label, target = stage.resource, f"{stage.resource.name} {stage.label}", f"{stage.label} encryption"
        encrypted = dict(stage.settings("CacheDataEncrypted"))
        whole = stage.setting("CacheDataEncrypted")
        values = [(whom, encrypted.get(whom, whole)) for whom in cached]
        plain = next(((whom, value) for whom, value in values if not value.boolean() and value.missing is None), None)
        undecided = next((value for _, value in values if value.missing is not None), None)
        if plain is not None:
            whom, value = plain
            at = stage.place("MethodSettings") if value.is_absent else value.span
            step = subject.states(f"keeps answers of {whom} unencrypted", at)
            message = f"{label} caches answers of {whom} unencrypted"
            fix = f"in MethodSettings of {subject.name} set CacheDataEncrypted: true"
            yield self.fails(subject, message, evidence=(step,), fix=fix, at=at, target=target)
        elif undecided is not None and undecided.missing is not None:
            message = f"{label} may cache answers unencrypted: {undecided.missing.what}"
            yield self.unknown(subject, message, missing=(undecided.missing,), at=undecided.span, target=target)
        else:
            step = subject.states("encrypts what it caches", values[0][1].span)
            yield self.passes(subject, f"{label} encrypts what it caches", evidence=(step,), target=target)

    def _appsync(self, cache: Resource) -> Iterator[Judgement]:
        for name, what in (("AtRestEncryptionEnabled", "at rest"), ("TransitEncryptionEnabled", "in transit")):
            value = cache.prop(name)
            at = cache.span if value.is_absent else value.span
            missing: Missing | None = value.missing
            if missing is not None:
                message = f"{cache.name} may be unencrypted {what}: {missing.what}"
                yield self.unknown(cache, message, missing=(missing,), at=at, target=what)
            elif value.boolean():
                step = cache.states(f"is encrypted {what}", at)
                yield self.passes(cache, f"{cache.name} is encrypted {what}", evidence=(step,), at=at, target=what)
            else:
                step = cache.states(f"has no {name}", at)
                message = f"{cache.name} keeps answers of the API unencrypted {what}"
                fix = f"set {name} on {cache.name} ({name}: true; it takes a new cache)"
                yield self.fails(cache, message, evidence=(step,), fix=fix, at=at, target=what)
