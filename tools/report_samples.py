"""Writes the samples in ``docs/reports.md``: what each format gives for one small template.

    python -m tools.report_samples

``tests/contracts`` fails while a sample differs from what this would write.
"""

import json
import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from validator.model import ReportOptions, ReportWriter, Review, Severity
from validator.review import ReviewRequest, review

ROOT = Path(__file__).resolve().parents[1]
PAGE = Path("docs/reports.md")

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Tickets:
    Type: AWS::Serverless::Function
    Properties:
      Handler: tickets.read
      Runtime: python3.13
      InlineCode: "def read(event, context): return {}"
      Events:
        Read: {Type: Api, Properties: {Path: /tickets, Method: get}}
"""

_WRITERS = {
    "text": "reports.text",
    "json": "reports.json_report",
    "sarif": "reports.sarif",
    "junit": "reports.junit",
    "gitlab": "reports.gitlab",
    "github": "reports.github",
    "markdown": "reports.markdown",
    "csv": "reports.csv_report",
}
_FENCES = {"json": "json", "sarif": "json", "gitlab": "json", "junit": "xml", "markdown": "markdown", "csv": "csv"}
_SAMPLE = re.compile(r"(<!-- sample: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def page() -> str:
    """``docs/reports.md`` with its samples written anew."""
    samples = _samples(_review())
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    return _SAMPLE.sub(lambda match: f"{match[1]}{_fenced(match[2], samples)}{match[3]}", text)


def formats_shown(text: str) -> list[str]:
    """The formats that a page has samples of."""
    return [match[2] for match in _SAMPLE.finditer(text)]


def _review() -> Review:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
        return review(ReviewRequest((str(root / "template.yaml"),), root, select=("AUTH001",), root_is_given=True))


def _samples(result: Review) -> Mapping[str, str]:
    options = ReportOptions(fail_on=Severity.MEDIUM)
    samples = {}
    for name, module in _WRITERS.items():
        writer: ReportWriter = import_module(module).writer
        samples[name] = writer.write(result, options)
    samples["template"] = TEMPLATE
    samples["json"] = _excerpt(json.loads(samples["json"])["findings"][0])
    samples["sarif"] = _excerpt(json.loads(samples["sarif"])["runs"][0]["results"][0])
    return samples


def _excerpt(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _fenced(name: str, samples: Mapping[str, str]) -> str:
    fence = "````" if "```" in samples[name] else "```"
    language = "yaml" if name == "template" else _FENCES.get(name, "text")
    return f"{fence}{language}\n{samples[name]}{fence}\n"


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(), encoding="utf-8", newline="\n")
