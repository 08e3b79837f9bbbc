"""Short forms of the intrinsic functions, and what to say of a tag that is none."""

from difflib import get_close_matches

LONG_FORMS = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{
        f"!{name}": f"Fn::{name}"
        for name in (
            "And",
            "Base64",
            "Cidr",
            "Contains",
            "EachMemberEquals",
            "EachMemberIn",
            "Equals",
            "FindInMap",
            "ForEach",
            "GetAZs",
            "GetAtt",
            "GetStackOutput",
            "If",
            "ImportValue",
            "Join",
            "Length",
            "Not",
            "Or",
            "RefAll",
            "Select",
            "Split",
            "Sub",
            "ToJsonString",
            "Transform",
            "ValueOf",
            "ValueOfAll",
        )
    },
}
"""Tag to the key of its long form (Template Reference, intrinsic functions and rule-specific functions)."""

_LONG_FORM_KEYS = frozenset(LONG_FORMS.values()) - {"Condition"}


def is_function(keys: "list[str]") -> bool:
    """Whether a map with these keys is an intrinsic function in its long form."""
    return len(keys) == 1 and keys[0] in _LONG_FORM_KEYS


def unknown_tag_hint(tag: str) -> str:
    """What a person can do about a tag that CloudFormation does not know."""
    if tag.startswith("!Rain::"):
        return "this is a directive of rain: run `rain pkg` and check its output"
    if tag.endswith(":") and tag[:-1] in LONG_FORMS:
        return f"write `{tag[:-1]} …` or `{LONG_FORMS[tag[:-1]]}: …`"
    near = get_close_matches(tag.lower(), [known.lower() for known in LONG_FORMS], n=1, cutoff=0.8)
    for known in LONG_FORMS:
        if near and known.lower() == near[0]:
            return f"did you mean `{known}`?"
    return "CloudFormation knows no such tag; quote the value if it is meant as text"
