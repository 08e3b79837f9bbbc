"""Signs in a template's text that it may be linked with others: most templates have none and are not read twice."""

from dataclasses import dataclass

from validator.files import read_bytes, status
from validator.load import MAXIMUM_SOURCE_BYTES
from validator.workload.plan import StackPlan


@dataclass(frozen=True, slots=True)
class Signs:
    """What a template's text may hold."""

    nests: bool = False
    imports: bool = False
    exports: bool = False
    reads_parameters: bool = False
    writes_parameters: bool = False


def signs_of(plan: StackPlan) -> Signs:
    """The signs in a planned stack's template; none where it cannot be read. Raises nothing."""
    text = plan.document.text.encode(errors="replace") if plan.document is not None else _bytes(plan)
    # What is included may hold anything.
    includes = b"AWS::Include" in text
    return Signs(
        nests=b"AWS::CloudFormation::Stack" in text or b"AWS::Serverless::Application" in text,
        imports=includes or b"ImportValue" in text or b"GetStackOutput" in text,
        # An output is found by the stack's name also where it is not exported.
        exports=includes or b"Export" in text or (bool(plan.name) and b"Outputs" in text),
        reads_parameters=b"resolve:ssm:" in text or b"AWS::SSM::Parameter::Value" in text,
        writes_parameters=b"AWS::SSM::Parameter" in text.replace(b"AWS::SSM::Parameter::", b"")
        or b"Custom::CrossRegionExportWriter" in text,
    )


def _bytes(plan: StackPlan) -> bytes:
    try:
        if status(plan.file.path).st_size > MAXIMUM_SOURCE_BYTES:
            return b""
        return read_bytes(plan.file.path)
    except OSError:
        return b""
