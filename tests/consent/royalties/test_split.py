"""Parts add up to the last cent, and nobody's part depends on the order of names."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.audit.facts import Facts, Use
from consent.audit.findings import Book
from consent.audit.rules import royalties as audited
from consent.entries.vocabulary import Account
from consent.royalties.split import Contribution, split, tie_break, weighed
from productivity.errors import BadInput
from tests.consent.royalties import worlds
from tests.consent.royalties.worlds import ANNA, BORA, CEM


def test_a_hundred_euros_and_a_cent_by_hand():
    """100.01 EUR at 70/20/10, workers 3:2:2.

    70.007, 20.002 and 10.001 EUR: rounded down 70.00 + 20.00 + 10.00, and the cent that is left goes to the
    workers, whose fraction (0.7 of a cent) is the largest. 70.01 EUR in sevenths: 30.0043, 20.0029, 20.0029;
    rounded down 30.00 + 20.00 + 20.00, and the cent goes to three sevenths (0.43 of a cent).
    """
    shares = split(100_01, worlds.royalties(), worlds.use().use, worlds.use().contributions)
    assert (sum(shares.workers.values()), shares.collective, shares.plant) == (70_01, 20_00, 10_00)
    assert shares.workers == {ANNA: 30_01, BORA: 20_00, CEM: 20_00}
    assert shares.total == 100_01


def test_a_declared_weight_counts_like_time():
    """Ten seconds at weight 3/2 are worth fifteen at weight 1."""
    parts = weighed([Contribution(ANNA, 10_000, Fraction(3, 2)), Contribution(BORA, 15_000)])
    assert parts[ANNA] == parts[BORA] == 15_000


def test_a_tie_goes_by_the_use_and_not_by_the_name():
    """One cent for two equals: over many uses each gets it about as often; with one use always the same."""
    equals = [Contribution(ANNA, 1000), Contribution(BORA, 1000)]
    everything = worlds.royalties(100, 0)
    lucky = [
        max(shares, key=shares.get)
        for number in range(200)
        for shares in [split(1, everything, worlds.identifier(number), equals).workers]
    ]
    assert 70 < lucky.count(ANNA) < 130
    assert split(1, everything, "u", equals) == split(1, everything, "u", equals[::-1])
    assert lucky[0] == min((ANNA, BORA), key=lambda one: tie_break(worlds.identifier(0), one))


def test_motion_of_single_poses_is_shared_by_its_weights():
    parts = weighed([Contribution(ANNA, 0), Contribution(ANNA, 0), Contribution(BORA, 0)])
    assert parts == {ANNA: 2, BORA: 1}


@pytest.mark.parametrize("net", [-1])
def test_what_cannot_be_shared_is_refused(net):
    with pytest.raises(BadInput, match="cannot be shared"):
        split(net, worlds.royalties(), "u", [Contribution(ANNA, 1)])
    with pytest.raises(BadInput, match="nobody"):
        split(1, worlds.royalties(), "u", [])
    with pytest.raises(BadInput, match="not possible"):
        Contribution(ANNA, 1, Fraction(0))


@given(worlds.uses(), worlds.agreements, st.randoms(use_true_random=False))
def test_parts_add_up_and_no_order_matters(use, agreed, random):
    given_order = list(use.contributions)
    shares = split(use.price.net, agreed, use.use, given_order)
    random.shuffle(given_order)
    assert split(use.price.net, agreed, use.use, given_order) == shares
    assert shares.total == use.price.net
    assert min(*shares.workers.values(), shares.collective, shares.plant) >= 0


@given(worlds.uses(), worlds.agreements)
def test_no_part_is_off_by_a_whole_cent(use, agreed):
    shares = split(use.price.net, agreed, use.use, use.contributions)
    parts = weighed(use.contributions)
    all_workers, everything = sum(shares.workers.values()), sum(parts.values())
    assert abs(all_workers - Fraction(use.price.net * agreed.worker_share_percent, 100)) < 1
    for name, part in shares.workers.items():
        assert abs(part - all_workers * parts[name] / everything) < 1


@given(worlds.uses(), worlds.agreements)
def test_the_auditor_finds_the_shares_to_be_what_was_agreed(use, agreed):
    """The auditor knows nothing of how this room rounds."""
    facts, book = Facts("log"), Book()
    judged = Use(7, 0, use.purpose, agreed, frozenset(one.pseudonym for one in use.contributions))
    facts.uses[use.use] = judged
    shares = split(use.price.net, agreed, use.use, use.contributions)
    judged.booked.update(
        {
            Account.WORKER: sum(shares.workers.values()),
            Account.COLLECTIVE: shares.collective,
            Account.PLANT: shares.plant,
        }
    )
    judged.bookings = len(shares.workers) + 2
    audited.finish(facts, book, 10**12)
    assert book.findings == []


@given(worlds.uses(), st.permutations(range(6)))
def test_new_names_for_the_same_people_change_no_untied_part(use, order):
    """A pseudonym decides nothing but who gets the one cent of a tie."""
    names = {worlds.worker(old): worlds.worker(new) for old, new in enumerate(order)}
    renamed = [Contribution(names[one.pseudonym], one.ms, one.weight) for one in use.contributions]
    before = split(use.price.net, worlds.royalties(), use.use, use.contributions).workers
    after = split(use.price.net, worlds.royalties(), use.use, renamed).workers
    parts = weighed(use.contributions)
    for name, part in before.items():
        if list(parts.values()).count(parts[name]) == 1:
            assert after[names[name]] == part
    assert sorted(before.values()) == sorted(after.values())
