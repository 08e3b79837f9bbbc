"""Sets of IP addresses, so that ranges are compared by what they hold and not by how they are spelt.

Security group and network ACL rules take any spelling of a range: EC2 clears the host bits (``1.1.1.1/0`` is
every address), and two halves open as much as the whole (EC2 API Reference, *IpPermission*).
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

Interval = tuple[int, int]
"""First and last address of a stretch, both included."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """A set of IPv4 and IPv6 addresses as sorted, disjoint, non-adjacent stretches."""

    ipv4: tuple[Interval, ...] = ()
    ipv6: tuple[Interval, ...] = ()

    @staticmethod
    def of(*ranges: str) -> "Addresses":
        """The addresses of the ranges in CIDR notation; raises ValueError for a text that is no range."""
        ipv4: list[Interval] = []
        ipv6: list[Interval] = []
        for text in ranges:
            network = ipaddress.ip_network(text.strip(), strict=False)
            stretch = (int(network.network_address), int(network.broadcast_address))
            (ipv4 if network.version == 4 else ipv6).append(stretch)
        return Addresses(_merged(ipv4), _merged(ipv6))

    def __or__(self, other: "Addresses") -> "Addresses":
        return Addresses(_merged((*self.ipv4, *other.ipv4)), _merged((*self.ipv6, *other.ipv6)))

    def __sub__(self, other: "Addresses") -> "Addresses":
        return Addresses(_without(self.ipv4, other.ipv4), _without(self.ipv6, other.ipv6))

    def __and__(self, other: "Addresses") -> "Addresses":
        return self - (self - other)

    def __bool__(self) -> bool:
        return bool(self.ipv4 or self.ipv6)

    def __le__(self, other: "Addresses") -> bool:
        """Whether every address is in ``other`` too."""
        return not self - other

    @property
    def is_everything(self) -> bool:
        """Whether it holds every address of a family that the Internet can send from."""
        return not (_ALL_IPV4 - _UNROUTABLE) - self or not _GLOBAL_IPV6 - self

    @property
    def public(self) -> "Addresses":
        """The addresses that hosts of the Internet have."""
        return self - _PRIVATE - _UNROUTABLE

    @property
    def usable(self) -> "Addresses":
        """The addresses that a packet can come from; a rule for ``255.255.255.255/32`` admits nobody."""
        return self - _UNROUTABLE


def union(sets: Iterable[Addresses]) -> Addresses:
    """All addresses of all sets."""
    together = Addresses()
    for addresses in sets:
        together = together | addresses
    return together


def _merged(stretches: Iterable[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for first, last in sorted(stretches):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def _without(stretches: tuple[Interval, ...], removed: tuple[Interval, ...]) -> tuple[Interval, ...]:
    kept = list(stretches)
    for low, high in removed:
        pieces: list[Interval] = []
        for first, last in kept:
            pieces.extend(
                piece for piece in ((first, min(last, low - 1)), (max(first, high + 1), last)) if piece[0] <= piece[1]
            )
        kept = pieces
    return tuple(kept)


_ALL_IPV4 = Addresses.of("0.0.0.0/0")
_GLOBAL_IPV6 = Addresses.of("2000::/3")
_PRIVATE = Addresses.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10")
_UNROUTABLE = Addresses.of("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::1/128")
