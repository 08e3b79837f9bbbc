"""The SARIF 2.1.0 report, for code scanning: GitHub, Azure DevOps, DefectDojo, editors."""

from reports.sarif.log import SarifWriter

writer = SarifWriter()

__all__ = ["SarifWriter", "writer"]
