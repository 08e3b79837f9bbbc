"""``AllowedPattern``: a Java regular expression, read by Python's engine where the two agree."""

import math
import re
import warnings

_BUDGET = math.log(1_000_000)
"""Logarithm of the number of ways to match that a pattern may have; more could take for ever."""

_QUANTIFIER = re.compile(r"\*|\+|\?|\{(\d+)(,(\d*))?\}")


def matches(pattern: str, value: str) -> bool | None:
    """Whether the whole value matches; None where Python cannot tell.

    None is given for what Python does not compile or reads otherwise than Java (nested sets), and for a
    pattern with so many ways to match that a template could hang the run.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compiled = re.compile(pattern)
    except (re.error, Warning, RecursionError, OverflowError):
        return None
    if _ways(pattern, len(value)) > _BUDGET:
        return None
    return compiled.fullmatch(value) is not None


def _ways(pattern: str, length: int) -> float:
    """An upper bound for the ways to divide a value of ``length`` over the pattern, as a logarithm.

    Each quantifier gives as many choices as it has numbers of repeats, alternatives add theirs up, and a
    repeated group multiplies the choices inside of it. ``groups`` has one list of alternatives for each
    group that is open.
    """
    groups = [[0.0]]
    last = 0.0
    position = 0
    while position < len(pattern):
        quantifier = _QUANTIFIER.match(pattern, position)
        if quantifier:
            least, most = _repeats(quantifier, length)
            groups[-1][-1] += last * max(most - 1, 0) + math.log(max(most - least, 0) + 1)
            position, last = quantifier.end(), 0.0
            continue
        character = pattern[position]
        position = _after(pattern, position)
        last = 0.0
        if character == "(":
            groups.append([0.0])
            # The mark of a special group, (?: or (?=, is no quantifier.
            position += pattern.startswith("?", position)
        elif character == ")" and len(groups) > 1:
            last = _alternatives(groups.pop())
            groups[-1][-1] += last
        elif character == "|":
            groups[-1].append(0.0)
    return sum(_alternatives(group) for group in groups)


def _alternatives(logarithms: list[float]) -> float:
    return max(logarithms) + math.log(len(logarithms))


def _after(pattern: str, position: int) -> int:
    """The position after the character, escape or set that starts at ``position``."""
    if pattern[position] == "\\":
        return position + 2
    if pattern[position] != "[":
        return position + 1
    end = position + 1
    end += pattern.startswith("^", end)
    end += pattern.startswith("]", end)
    while end < len(pattern) and pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    return end + 1


def _repeats(quantifier: re.Match[str], length: int) -> tuple[int, int]:
    match quantifier[0]:
        case "*":
            return 0, length
        case "+":
            return 1, max(length, 1)
        case "?":
            return 0, 1
    least = int(quantifier[1])
    if quantifier[2] is None:
        return least, least
    return least, int(quantifier[3]) if quantifier[3] else max(length, least)
