"""Who looked: to be shown by whoever holds the salt, and by nobody else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.entries.bodies import AccessViewed
from consent.site.viewer import SALT_BYTES, commit, opens
from productivity.errors import BadInput


def test_the_commitment_is_the_hash_that_the_description_says():
    salt = bytes(range(32))
    expected = hashlib.sha256(salt + b"fairtakt viewer\n17").hexdigest()
    assert commit(17, salt=salt).commitment == expected


def test_a_commitment_fits_into_an_entry():
    who = commit(3).commitment
    assert AccessViewed(role="works council", who=who, view="consent log").who == who


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_it_opens_for_its_account_and_salt_alone(account, other):
    made = commit(account)
    assert opens(made.commitment, account, made.salt)
    assert opens(made.commitment, other, made.salt) == (account == other)
    assert not opens(made.commitment, account, bytes(SALT_BYTES))


def test_two_looks_of_one_account_look_like_those_of_two():
    assert len({commit(1).commitment for _ in range(100)}) == 100


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_salt_of_another_length_is_refused(length):
    with pytest.raises(BadInput, match="salt has a wrong length"):
        commit(1, salt=bytes(length))
