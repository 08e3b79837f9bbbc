"""What another system does to the database of orders, and what the reading user would do if it could."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.reference_stacks.emulator.servers import PostgresServer

_RUN = """
import json, sys, pg8000.native
given = json.load(sys.stdin)
try:
    connection = pg8000.native.Connection(**given["connection"])
    rows = connection.run(given["statement"])
    print(json.dumps({"rows": rows}, default=str))
except pg8000.native.DatabaseError as error:
    print(json.dumps({"refused": error.args[0]["M"]}))
"""


def run(python: Path, server: PostgresServer, statement: str, who: Mapping[str, str] | None = None) -> Any:
    """One statement in the database of orders, as PostgreSQL's superuser or somebody else: rows, or the refusal."""
    user = who or {"username": server.user, "password": server.password}
    connection = {
        "host": server.host,
        "port": server.port,
        "database": "orders",
        "user": user["username"],
        "password": user["password"],
    }
    process = subprocess.run(
        [python, "-c", _RUN],
        input=json.dumps({"connection": connection, "statement": statement}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(process.stdout)
