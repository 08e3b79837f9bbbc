"""What an engine's process may not do: use the network, start programs, write files, read what is not its own.

Rests on the interpreter's audit events (PEP 578), which a running program cannot take back. Code that is not
Python (cloudformation-validate's core) does not pass through it; that one is offline by its documentation.
"""

import os
import sys
import sysconfig

_FORBIDDEN = frozenset(
    (
        "socket.connect",
        "socket.bind",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.startfile",
        "pty.spawn",
    )
)
_CHANGES = frozenset(
    (
        "os.mkdir",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.link",
        "os.symlink",
        "os.truncate",
        "os.chmod",
        "os.chown",
        "os.utime",
        "os.setxattr",
        "shutil.rmtree",
        "shutil.move",
        "shutil.copyfile",
        "tempfile.mkstemp",
        "tempfile.mkdtemp",
    )
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_BYTECODE = "__pycache__"
"""The interpreter's own cache of compiled modules: without it every start would compile the engine again."""


class Guard:
    """Refuses, with an OSError, what an engine has no business with."""

    def __init__(self) -> None:
        self._readable: tuple[str, ...] | None = None

    def install(self) -> None:
        """From now on nothing is sent, started or written. Reading stays open until ``close_files``."""
        sys.addaudithook(self._audit)

    def close_files(self, root: str) -> None:
        """From now on only the installation and what lies below ``root`` can be read."""
        own = [*sys.path, sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()]
        places = [os.path.realpath(path) for path in (*own, root) if path]
        devices = ("/dev/null", "/dev/urandom", "/usr/share/zoneinfo")
        self._readable = (*(place for place in dict.fromkeys(places) if place != os.sep), *devices)

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            self._open(arguments)
        elif event in _FORBIDDEN:
            raise PermissionError(f"an engine may not do this in a review: {event}")
        elif event in _CHANGES and _BYTECODE not in str(arguments[0] if arguments else ""):
            raise PermissionError(f"an engine may not change files in a review: {event}")

    def _open(self, arguments: tuple[object, ...]) -> None:
        path, _, flags = arguments[:3]
        if not isinstance(path, str | bytes):
            return
        name = os.fsdecode(path)
        if isinstance(flags, int) and flags & _WRITING:
            if _BYTECODE not in name and name != os.devnull:
                raise PermissionError(f"an engine may not write files in a review: {name}")
        elif self._readable is not None and not self._allowed(name):
            raise PermissionError(f"an engine may not read this in a review: {name}")

    def _allowed(self, name: str) -> bool:
        place = os.path.realpath(name)
        readable = self._readable or ()
        return any(place == allowed or place.startswith(allowed + os.sep) for allowed in readable)
