"""The engines by name, and what belongs to each."""

from dataclasses import dataclass

from validator.model import Category

TIERLENS = "tierlens"
CFN_LINT = "cfn-lint"
CHECKOV = "checkov"
VALIDATE = "cloudformation-validate"
GUARD = "guard"
"""The source of findings that an organisation's own rules give; cloudformation-validate runs them."""

ENGINE_NAMES = (TIERLENS, CFN_LINT, CHECKOV, VALIDATE)
DEFAULT_ENGINES = (TIERLENS, CFN_LINT, CHECKOV)
"""What the command line runs when nothing is said."""


@dataclass(frozen=True, slots=True)
class EngineKind:
    """What is fixed for an engine: the module it imports, its category, and how it is installed."""

    module: str
    category: Category
    install: str
    timeout_seconds: float
    """How long one template may take."""


KINDS = {
    CFN_LINT: EngineKind("cfnlint", Category.TEMPLATE_VALIDITY, "pip install cfn-lint", 120),
    CHECKOV: EngineKind("checkov", Category.RESOURCE_CONFIGURATION, "pip install checkov", 120),
    VALIDATE: EngineKind(
        "cloudformation_validate", Category.TEMPLATE_VALIDITY, "pip install 'tierlens[validate]'", 60
    ),
}
START_SECONDS = 180.0
"""How long an engine may take to be imported; the first time after an installation it is compiled."""
