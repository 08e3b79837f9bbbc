"""The engines' processes end with the session."""

from collections.abc import Iterator

import pytest

from tests.validator.engines.running import end_processes


@pytest.fixture(scope="session", autouse=True)
def _processes() -> Iterator[None]:
    yield
    end_processes()
