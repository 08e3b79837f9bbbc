"""In how many availability zones subnets lie, as far as the run shows."""

from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.network.identity import SUBNET, denoted, label_of
from validator.graph.resource import Resource
from validator.model import Evidence, Missing
from validator.resolve import Text, Value


@dataclass(frozen=True, slots=True)
class Zones:
    """Whether the subnets lie in at least two zones; ``missing`` when that is not decided."""

    are_several: bool
    because: str
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()


def zones_of(graph: Architecture, subnets: tuple[Value, ...]) -> Zones:
    """The zones of the subnets. A zone picked from ``Fn::GetAZs`` by index is one zone for each index."""
    distinct = dict.fromkeys(label_of(value) for value in subnets)
    known: dict[str, Evidence] = {}
    missing: list[Missing] = []
    for value in subnets:
        subnet = denoted(graph, value, SUBNET)
        if not isinstance(subnet, Resource):
            what = f"the availability zone of {label_of(value)} is not in the run"
            missing.append(
                value.missing or Missing(what, "add the template that makes it", f"zone:{label_of(value)}")
            )
            continue
        zone = _zone(subnet)
        if isinstance(zone, Missing):
            missing.append(zone)
        else:
            known.setdefault(zone, subnet.states(f"lies in {zone}"))
    if not subnets:
        missing.append(Missing("no subnet is named in this scenario", "name subnets", "zones:none"))
    if len(known) > 1:
        return Zones(True, f"they lie in {', '.join(known)}")
    one_subnet = len(distinct) == 1 and all(_is_one(value) for value in subnets)
    if one_subnet:
        return Zones(False, f"it names one subnet, {next(iter(distinct))}", tuple(known.values()))
    if missing:
        return Zones(False, "the zones are not decided", missing=tuple(missing))
    return Zones(False, f"all its subnets lie in {next(iter(known))}", tuple(known.values()))


def _is_one(value: Value) -> bool:
    """Whether a value names one subnet; a text that is no subnet's identifier stands for what a script puts there."""
    return value.missing is None and (value.literal is None or value.literal.startswith("subnet-"))


def _zone(subnet: Resource) -> str | Missing:
    for name in ("AvailabilityZone", "AvailabilityZoneId"):
        value = subnet.prop(name)
        if isinstance(value, Text) and value.missing is None:
            return str(value)
        if value.missing is not None:
            return value.missing
    what = f"{subnet.name} leaves its availability zone to AWS"
    return Missing(what, f"set AvailabilityZone on {subnet.name}", f"zone:{subnet.name}")
