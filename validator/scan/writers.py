"""Rows as JSON lines or Parquet: one row after the other, so that memory does not grow with the organisation."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from validator.model import UsageError
from validator.scan.rows import ColumnType, Row

if TYPE_CHECKING:
    import pyarrow

_ROWS_A_GROUP: Final = 20_000

JSON_LINES: Final = (".jsonl", ".ndjson")
PARQUET: Final = ".parquet"


def check_output(path: Path) -> None:
    """Raises UsageError for an ending that is no format, and for Parquet without its library."""
    if path.suffix not in (*JSON_LINES, PARQUET):
        raise UsageError(f"{path}: the ending says no format", hint="name it .jsonl or .parquet")
    if path.suffix == PARQUET:
        try:
            import pyarrow.parquet  # noqa: F401 - only whether it is there
        except ImportError as error:
            hint = "install an extra: pip install 'tierlens[parquet]' (tierlens[dask] has it too), or write .jsonl"
            raise UsageError("Parquet needs pyarrow, which is not installed", hint=hint) from error


def write_table(path: Path, columns: Mapping[str, ColumnType], rows: Iterable[Row]) -> None:
    """Write the rows to the file, which then is there whole. Raises OSError."""
    partial = path.with_name(path.name + ".partial")
    ordered = ({name: row[name] for name in columns} for row in rows)
    if path.suffix == PARQUET:
        _parquet(partial, columns, ordered)
    else:
        with partial.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in ordered)
            stream.flush()
            os.fsync(stream.fileno())
    partial.replace(path)


def _parquet(path: Path, columns: Mapping[str, ColumnType], rows: Iterator[Row]) -> None:
    import pyarrow
    import pyarrow.parquet

    schema = pyarrow.schema([pyarrow.field(name, _arrow(type_)) for name, type_ in columns.items()])
    days = [name for name, type_ in columns.items() if type_ is ColumnType.DATE]
    times = [name for name, type_ in columns.items() if type_ is ColumnType.TIME]
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while group := list(islice(rows, _ROWS_A_GROUP)):
            for row in group:
                row.update({name: _parsed(date, row[name]) for name in days})
                row.update({name: _parsed(datetime, row[name]) for name in times})
            writer.write_table(pyarrow.Table.from_pylist(group, schema))


def _parsed(type_: type[date], written: object) -> date | None:
    return None if written is None else type_.fromisoformat(str(written))


def _arrow(type_: ColumnType) -> "pyarrow.DataType":
    import pyarrow

    return {
        ColumnType.TEXT: pyarrow.string(),
        ColumnType.INTEGER: pyarrow.int64(),
        ColumnType.NUMBER: pyarrow.float64(),
        ColumnType.BOOLEAN: pyarrow.bool_(),
        ColumnType.TEXTS: pyarrow.list_(pyarrow.string()),
        ColumnType.DATE: pyarrow.date32(),
        ColumnType.TIME: pyarrow.timestamp("us", tz="UTC"),
    }[type_]
