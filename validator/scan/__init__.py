"""Many repositories in one scan: each is checked apart, and what was found becomes rows for a warehouse.

``scan`` is the whole way; ``docs/scan.md`` has the columns.
"""

from validator.scan.coordinator import ScanRequest, ScanSummary, scan

__all__ = ["ScanRequest", "ScanSummary", "scan"]
