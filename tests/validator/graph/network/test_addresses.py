"""Address sets: spelling does not matter, and the set operations are those of sets."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.graph.network.addresses import Addresses, union

IPV4 = st.builds(
    lambda address, prefix: str(ipaddress.ip_network((address, prefix), strict=False)),
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)
SETS = st.lists(IPV4, max_size=5).map(lambda ranges: Addresses.of(*ranges))


@pytest.mark.parametrize(
    "ranges",
    [
        ("0.0.0.0/0",),
        ("1.1.1.1/0",),
        ("::/0",),
        ("0000::/0",),
        ("0:0:0:0:0:0:0:0/0",),
        ("::0/0",),
        ("0.0.0.0/1", "128.0.0.0/1"),
        ("2000::/3",),
    ],
)
def test_everything_however_it_is_spelt(ranges: tuple[str, ...]) -> None:
    assert Addresses.of(*ranges).is_everything


@pytest.mark.parametrize("ranges", [("0.0.0.0/1",), ("10.0.0.0/8",), ("128.0.0.0/1",), ("2001:db8::/32",), ()])
def test_less_than_everything(ranges: tuple[str, ...]) -> None:
    assert not Addresses.of(*ranges).is_everything


def test_host_bits_are_cleared() -> None:
    assert Addresses.of("100.68.0.18/18") == Addresses.of("100.68.0.0/18")


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("10.0.0.0/8", False),
        ("192.168.1.1/32", False),
        ("203.0.113.0/24", True),
        ("fd00::/8", False),
        ("8.8.8.8", True),
    ],
)
def test_public_addresses(text: str, public: bool) -> None:
    assert bool(Addresses.of(text).public) is public


def test_the_broadcast_address_is_nobody() -> None:
    assert not Addresses.of("255.255.255.255/32").usable


def test_a_text_that_is_no_range_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Addresses.of("nonsense")


@given(SETS, SETS)
def test_difference_and_union_are_those_of_sets(one: Addresses, other: Addresses) -> None:
    assert (one - other) & other == Addresses()
    assert (one - other) | (one & other) == one
    assert one <= one | other
    assert union([one, other]) == other | one


@given(IPV4, IPV4)
def test_containment_is_that_of_networks(one: str, other: str) -> None:
    contained = ipaddress.ip_network(one).subnet_of(ipaddress.ip_network(other))  # type: ignore[arg-type]
    assert (Addresses.of(one) <= Addresses.of(other)) is contained
