"""A mobile backend with tight limits: what comes faster than they allow is refused before any function runs."""

from collections.abc import Callable

from tests.reference_stacks.emulator.stack import DeployedStack
from tests.reference_stacks.mobile_backend.conftest import SignIn


def test_more_than_the_burst_is_throttled(deploy_backend: Callable[..., DeployedStack], enter: SignIn) -> None:
    tight = deploy_backend({"RequestsPerSecond": "1", "RequestBurst": "3"})
    token = enter(tight, "many@example.com").access

    answers = [tight.call("GET", "/tickets", token=token) for _ in range(20)]

    statuses = [answer.status for answer in answers]
    assert statuses[:3] == [200, 200, 200]
    assert statuses.count(429) >= 6
    assert set(statuses) == {200, 429}
    assert answers[-1].json == {"message": "Too Many Requests"}
