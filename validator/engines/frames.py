"""Messages between the command and an engine's process: a length in 8 bytes, then JSON."""

import json
import struct
from typing import BinaryIO

_LENGTH = struct.Struct(">Q")
MAXIMUM_BYTES = 512 * 1024 * 1024
"""No answer is near this; a length above it means that the stream is broken."""


def write_frame(stream: BinaryIO, message: object) -> None:
    """Write one message. Raises OSError when the other side is gone."""
    # ASCII on the wire: a template may hold lone surrogates, which have no UTF-8 form.
    data = json.dumps(message, separators=(",", ":")).encode("ascii")
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def read_frame(stream: BinaryIO) -> object | None:
    """The next message, None at the end of the stream. Raises ValueError for what is no message."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MAXIMUM_BYTES:
        raise ValueError(f"a message of {length} bytes")
    data = stream.read(length)
    return None if len(data) < length else json.loads(data)
