"""Resources that a framework makes: their grants are not the author's to change (AWS CDK, *provider* constructs)."""

import re
from typing import Final

_MADE: Final = re.compile(
    r"CustomS3AutoDeleteObjects\w*CustomResourceProvider\w*"
    r"|Custom\w+CustomResourceProvider(?:Handler|Role)[0-9A-F]{8}"
    r"|LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a\w*"
    r"|BucketNotificationsHandler050a0587b7544547bf325f094a3db834\w*"
    r"|AWS679f53fac002430cb0da5b7982bd2287\w*"
    r"|CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C\w*"
    r"|\w*frameworkonEvent\w*"
)


def is_framework_made(logical_id: str) -> bool:
    """Whether the logical ID is one that the CDK gives to a provider of its own."""
    return _MADE.fullmatch(logical_id) is not None
