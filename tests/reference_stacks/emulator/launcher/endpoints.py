"""Where the servers that the tests started are; read anew for each resource, since they may start later than this."""

import json
import os
from pathlib import Path
from typing import Any


def endpoint(server: str) -> dict[str, Any] | None:
    """What the tests wrote about one server (``postgresql``, ``redis``), or nothing when it does not run."""
    file = Path(os.environ["TIERLENS_TEST_ENDPOINTS"])
    if not file.is_file():
        return None
    known: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return known.get(server)
