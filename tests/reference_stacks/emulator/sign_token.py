"""Signs a JWT with RS256: ``python sign_token.py KEY.pem`` reads ``{"header": ..., "claims": ...}`` and prints it.

A key that is not there is made.
"""

import base64
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def encoded(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def sign(key_file: Path, header: dict[str, object], claims: dict[str, object]) -> str:
    key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SystemExit(f"{key_file.name} holds no RSA key")
    signed = encoded(json.dumps(header).encode()) + b"." + encoded(json.dumps(claims).encode())
    return (signed + b"." + encoded(key.sign(signed, padding.PKCS1v15(), hashes.SHA256()))).decode()


def make(key_file: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


if __name__ == "__main__":
    if not Path(sys.argv[1]).exists():
        make(Path(sys.argv[1]))
    given = json.load(sys.stdin)
    print(sign(Path(sys.argv[1]), given["header"], given["claims"]))
