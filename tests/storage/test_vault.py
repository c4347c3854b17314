"""What is sealed is opened by whoever has the key, and keys can change."""

import pytest

from server.storage.vault import Unreadable, Vault

OLD, NEW = "o" * 32, "n" * 32


def test_what_is_sealed_is_unreadable_and_opens_again() -> None:
    sealed = Vault([OLD]).seal(b"seed")
    assert b"seed" not in sealed
    assert Vault([OLD]).open(sealed) == b"seed"
    assert sealed != Vault([OLD]).seal(b"seed")


def test_a_new_key_in_front_opens_what_the_old_one_sealed() -> None:
    sealed = Vault([OLD]).seal(b"seed")
    both = Vault([NEW, OLD])
    assert both.open(sealed) == b"seed"
    assert Vault([NEW]).open(both.reseal(sealed)) == b"seed"
    assert Vault([NEW]).open(both.seal(b"seed")) == b"seed"


@pytest.mark.parametrize(
    "sealed",
    [b"", b"x", Vault([OLD]).seal(b"seed"), Vault([NEW]).seal(b"seed")[:-8] + b"AAAAAA=="],
    ids=["empty", "short", "another key", "tampered"],
)
def test_what_we_did_not_seal_like_this_is_unreadable(sealed: bytes) -> None:
    for unseal in (Vault([NEW]).open, Vault([NEW]).reseal):
        with pytest.raises(Unreadable):
            unseal(sealed)
