"""Both ceremonies, with an authenticator that does what an attacker would have it do."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from api.accounts.address import parse_address
from api.accounts.passkeys import PasskeyRefused, Passkeys
from storage.sql.accounts.records import Passkey
from tests.api.accounts.authenticator import PRESENT, VERIFIED, Authenticator, b64, unb64

ADDRESS = parse_address("https://plant.example")
ACCOUNT = 7


class World:
    """A server with one account, and an authenticator in its owner's hand."""

    def __init__(self, **authenticator):
        self.now = 0.0
        self.server = Passkeys(ADDRESS, lambda: self.now)
        self.device = Authenticator(ADDRESS.origin, **authenticator)
        self.known = {}

    def add(self, account_id=ACCOUNT, **changes):
        options = self.server.options_to_add(account_id, "works council", list(self.known.values()))
        new = self.server.add(account_id, self.device.create(options, **changes))
        self.known[new.credential] = Passkey(
            1, account_id, new.credential, new.public_key, new.sign_count, "key", 0, None
        )
        return new

    def sign_in(self, answer=None, **changes):
        if answer is None:
            answer = self.device.get(self.server.options_to_sign_in(), **changes)
        return self.server.sign_in(answer, self.known.get)


@pytest.fixture
def world():
    made = World()
    made.add()
    return made


def test_a_passkey_is_added_and_signs_in(world):
    found, count = world.sign_in()
    assert (found.account_id, found.credential, count) == (ACCOUNT, world.device.credential, 1)


def test_what_browsers_are_asked_for(world):
    adding = world.server.options_to_add(ACCOUNT, "works council", list(world.known.values()))
    assert adding["rp"] == {"name": "fairtakt", "id": "plant.example"}
    assert adding["authenticatorSelection"]["userVerification"] == "required"
    assert adding["authenticatorSelection"]["residentKey"] == "required"
    assert [each["id"] for each in adding["excludeCredentials"]] == [b64(world.device.credential)]
    signing = world.server.options_to_sign_in()
    assert signing["userVerification"] == "required"
    assert signing["allowCredentials"] == []  # naming some would tell who has an account
    assert len(signing["challenge"]) == 43  # 32 bytes in base64url


ATTACKS = {
    "a page of another site": {"origin": "https://plant.example.evil.example"},
    "the same host without encryption": {"origin": "http://plant.example"},
    "another port": {"origin": "https://plant.example:8443"},
    "in a frame of another site": {"cross_origin": True},
    "for another host": {"rp_id": "evil.example"},
    "nobody touched it": {"flags": VERIFIED},
    "nobody was verified": {"flags": PRESENT},
    "another challenge": {"challenge": b64(bytes(32))},
    "no challenge": {"challenge": ""},
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_passkey_is_not_added_by(attack):
    with pytest.raises(PasskeyRefused):
        World().add(**attack)


@pytest.mark.parametrize(
    "attack",
    [
        *ATTACKS.values(),
        {"type": "webauthn.create"},
        {"private": ec.generate_private_key(ec.SECP256R1())},
        {"credential": bytes(32)},
        {"handle": (8).to_bytes(16)},
        {"handle": b""},
    ],
    ids=[
        *ATTACKS,
        "an answer for adding",
        "another key",
        "an unknown passkey",
        "another account",
        "no account",
    ],
)
def test_nobody_is_signed_in_by(world, attack):
    with pytest.raises(PasskeyRefused):
        world.sign_in(**attack)


def test_an_answer_is_good_once(world):
    answer = world.device.get(world.server.options_to_sign_in())
    world.sign_in(answer)
    with pytest.raises(PasskeyRefused):
        world.sign_in(answer)


def test_a_wrong_answer_uses_the_challenge_up(world):
    options = world.server.options_to_sign_in()
    with pytest.raises(PasskeyRefused):
        world.sign_in(world.device.get(options, flags=PRESENT))
    with pytest.raises(PasskeyRefused):
        world.sign_in(world.device.get(options))


@pytest.mark.parametrize(("later", "good"), [(299, True), (300, False)])
def test_a_challenge_lives_five_minutes(world, later, good):
    answer = world.device.get(world.server.options_to_sign_in())
    world.now = later
    if good:
        world.sign_in(answer)
    else:
        with pytest.raises(PasskeyRefused):
            world.sign_in(answer)


def test_a_challenge_is_good_only_for_what_it_was_made_for(world):
    """Whoever signs in elsewhere with a shown challenge must not add a passkey, nor the other way round."""
    adding = world.server.options_to_add(ACCOUNT, "works council", [])
    with pytest.raises(PasskeyRefused):
        world.sign_in(world.device.get({"challenge": adding["challenge"], "rpId": "plant.example"}))
    signing = world.server.options_to_sign_in()
    answer = world.device.create({**adding, "challenge": signing["challenge"]})
    with pytest.raises(PasskeyRefused):
        world.server.add(ACCOUNT, answer)


def test_a_passkey_is_added_to_the_account_that_asked(world):
    options = world.server.options_to_add(ACCOUNT, "works council", [])
    with pytest.raises(PasskeyRefused):
        world.server.add(8, world.device.create(options))


def test_a_copy_of_a_passkey_is_noticed(world):
    """Both count on from where the copy was taken: the second to sign in shows a count that was seen."""
    stored = world.known[world.device.credential]
    world.known[stored.credential] = Passkey(
        stored.id, ACCOUNT, stored.credential, stored.public_key, 5, "key", 0, None
    )
    world.device.count = 4
    with pytest.raises(PasskeyRefused):
        world.sign_in()
    assert world.sign_in()[1] == 6


def test_an_authenticator_that_does_not_count_is_taken():
    """Passkeys that are kept in step between a person's devices count nothing (WebAuthn 6.1.1)."""
    world = World(counts=False)
    world.add()
    assert [world.sign_in()[1] for _ in range(2)] == [0, 0]


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "attestationObject", "x"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["id", "rawId", "type", "response"]), HOSTILE, max_size=4))
def test_whatever_a_browser_sends_is_a_refusal(content):
    world = World()
    for ceremony in (lambda: world.server.add(ACCOUNT, content), lambda: world.sign_in(content)):
        with pytest.raises(PasskeyRefused):
            ceremony()


@settings(max_examples=150, deadline=None)
@given(
    place=st.integers(0, 10_000),
    bit=st.integers(0, 7),
    field=st.sampled_from(["attestationObject", "signature", "authenticatorData"]),
)
def test_a_changed_bit_is_a_refusal_or_changes_nothing_that_is_kept(place, bit, field):
    world = World()
    honest = world.add()
    if field == "attestationObject":
        answer = world.device.create(world.server.options_to_add(ACCOUNT, "works council", []))
    else:
        answer = world.device.get(world.server.options_to_sign_in())
    content = bytearray(unb64(answer["response"][field]))
    content[place % len(content)] ^= 1 << bit
    answer["response"][field] = b64(bytes(content))
    if field == "attestationObject":
        try:
            new = world.server.add(ACCOUNT, answer)
        except PasskeyRefused:
            return
        assert isinstance(new.public_key, bytes)
        return
    with pytest.raises(PasskeyRefused):
        world.sign_in(answer)
    assert honest.credential in world.known
