"""The files of an organisation's own rules: cfn-guard, Rego, CEL."""

import re
from collections.abc import Iterable
from pathlib import Path

from validator.engines.inputs import GuardFile
from validator.files import read_text, status
from validator.model import UsageError

_KINDS = {".guard": "guard", ".ruleset": "guard", ".rego": "rego", ".cel": "cel", ".json": "cel"}
_NAMES = {
    "guard": re.compile(r"^\s*rule\s+([A-Za-z_]\w*)", re.MULTILINE),
    "rego": re.compile(r"(?:rule_id\"?\s*:=?|make_diag\w*\()\s*\"([^\"\s]+)\""),
    "cel": re.compile(r"\"(?:rule_id|id)\"\s*:\s*\"([^\"\s]+)\""),
}
MAXIMUM_BYTES = 4 * 1024 * 1024


def read_guard_files(paths: Iterable[Path]) -> tuple[GuardFile, ...]:
    """The rules in the files, by the files' endings. Raises UsageError for what cannot be read."""
    return tuple(_read(path) for path in paths)


def _read(path: Path) -> GuardFile:
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        hint = "name .guard (cfn-guard), .rego (Rego) or .cel and .json (CEL) files"
        raise UsageError(f"{path} is of no known kind of rules", hint=hint)
    try:
        if status(path).st_size > MAXIMUM_BYTES:
            raise UsageError(f"{path} is too large for a file of rules", hint="split it")
        text = read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", hint="check the path of the file") from None
    if not text.strip():
        raise UsageError(f"{path} holds no rules", hint="leave it out: an empty file of rules checks nothing")
    return GuardFile(kind, path.as_posix(), text)


def guard_rule_ids(files: Iterable[GuardFile]) -> tuple[str, ...]:
    """The names of the rules that the files declare, so that they can be selected and re-rated."""
    found = (name for file in files for name in _NAMES[file.kind].findall(file.text))
    return tuple(dict.fromkeys(found))
