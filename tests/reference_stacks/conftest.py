"""Fixtures for the reference stacks: a local AWS, its servers, and what is deployed into it.

Where tests of a stack go
-------------------------

* ``reference_stacks/<pattern>/tests/`` tests the code of the functions, without AWS. It is part of what an architect
  copies. ``test_code_of_the_functions.py`` here runs each such folder in a pytest of its own, under the emulator's
  interpreter (which has what ``src/*/requirements.txt`` asks for), with the stack's folder as its root: so ``app.py``
  of one stack never meets that of another, and none of the functions' packages is needed by tierlens.
  Within a stack, load a function's module by path when two functions share a module's name.
* ``tests/reference_stacks/<pattern>/`` tests the deployed stack, with the fixtures below.

Fixtures
--------

``emulator``      the running emulator (session); IAM enforced, loopback only.
``postgres``, ``redis``, ``certificates``  servers on loopback (session); ask for them *before* the stack is deployed:
                  databases and caches of stacks deployed from then on are in them.
``deploy``        ``deploy(template, parameters, name=..., files=...) -> DeployedStack`` into an account that is empty
                  when a test module begins.

What a machine lacks makes the tests that need it skip, with the command that installs it. With the variable
``TIERLENS_TESTS_MUST_RUN`` set, as in CI, they fail instead.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.reference_stacks.emulator import environment, process, servers
from tests.reference_stacks.emulator.environment import STACKS
from tests.reference_stacks.emulator.process import Emulator
from tests.reference_stacks.emulator.servers import Certificates, PostgresServer, RedisServer
from tests.reference_stacks.emulator.stack import DeployedStack
from tests.reference_stacks.emulator.stack import deploy as deploy_stack

Deploy = Callable[..., DeployedStack]


def unavailable(why: str) -> NoReturn:
    """Skips the test, or fails it where everything is said to be there."""
    if os.environ.get("TIERLENS_TESTS_MUST_RUN"):
        pytest.fail(why)
    pytest.skip(why)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With several workers (``-n 2 --dist loadgroup``) one stack's tests stay together, on one emulator."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(item.path.parent.name))


@pytest.fixture(scope="session")
def stacks() -> Path:
    """The folder of the reference stacks."""
    return STACKS


@pytest.fixture(scope="session")
def interpreter() -> Path:
    """The Python that the emulator and the functions run under."""
    try:
        return environment.interpreter()
    except environment.EnvironmentUnavailableError as error:
        unavailable(str(error))


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder for the servers; not pytest's own, which only its owner may enter."""
    place = Path(tempfile.mkdtemp(prefix="tierlens-stacks-"))
    place.chmod(0o755)
    yield place
    process.remove(place)


@pytest.fixture(scope="session")
def certificates(interpreter: Path, folder: Path) -> Certificates:
    """A test authority, which the functions trust, and a server certificate for ``localhost`` and 127.0.0.1."""
    place = folder / "certificates"
    place.mkdir()
    process.make_certificates(interpreter, place)
    return Certificates(place / "authority.pem", place / "server.pem", place / "server.key")


@pytest.fixture(scope="session")
def emulator(interpreter: Path, folder: Path, certificates: Certificates) -> Iterator[Emulator]:
    """The local AWS."""
    place = folder / "emulator"
    place.mkdir()
    running = Emulator(interpreter, place, folder / "endpoints.json", certificates.authority)
    yield running
    running.stop()


def _started(start: Callable[[Path, Certificates], Any], place: Path, certificates: Certificates) -> Any:
    place.mkdir()
    try:
        return start(place, certificates)
    except servers.ServerMissingError as error:
        unavailable(str(error))


@pytest.fixture(scope="session")
def postgres(folder: Path, certificates: Certificates) -> Iterator[PostgresServer]:
    """The PostgreSQL that stands behind the databases of RDS."""
    server, running = _started(servers.start_postgres, folder / "postgres", certificates)
    process.write_endpoint(
        folder / "endpoints.json",
        "postgresql",
        {"host": server.host, "port": server.port, "user": server.user, "password": server.password},
    )
    yield server
    servers.stop(running)


@pytest.fixture(scope="session")
def redis(folder: Path, certificates: Certificates) -> Iterator[RedisServer]:
    """The Redis that stands behind the caches of ElastiCache."""
    server, running = _started(servers.start_redis, folder / "redis", certificates)
    process.write_endpoint(
        folder / "endpoints.json",
        "redis",
        {"host": server.host, "port": server.port, "tls_port": server.tls_port, "password": server.password},
    )
    yield server
    servers.stop(running)


@pytest.fixture(scope="module")
def deploy(emulator: Emulator) -> Deploy:
    """Deploys templates into an account that is empty to begin with."""
    emulator.reset()

    def deployed(template: Path, parameters: dict[str, str] | None = None, **more: Any) -> DeployedStack:
        return deploy_stack(emulator, template, parameters, **more)

    return deployed
