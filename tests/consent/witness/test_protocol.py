"""Requests as C2SP tlog-witness writes them, and the answer to each that is not in order."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.log.checkpoint import Checkpoint
from consent.log.merkle import EMPTY_ROOT
from consent.notes import KeyType, cosign, open_note, parse_note, sign
from consent.witness.protocol import MAX_REQUEST_BYTES, Refused, Request, parse_request

# The example of https://c2sp.org/tlog-witness, with one signature.
EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""
HASH = base64.b64encode(bytes(32)).decode()


def test_the_example_of_the_specification_is_read_and_written_again():
    request = parse_request(EXAMPLE.encode())
    assert (request.old, len(request.proof)) == (20852014, 4)
    assert request.note.text.startswith("example.com/behind-the-sofa\n20852163\n")
    assert bytes(request) == EXAMPLE.encode()


@pytest.mark.parametrize(
    ("change", "to"),
    [
        pytest.param("old 20852014", "old 020852014", id="leading zero"),
        pytest.param("old 20852014", "old -1", id="negative"),
        pytest.param("old 20852014", "old  1", id="two spaces"),
        pytest.param("old 20852014", "old ٣", id="digits of another script"),
        pytest.param("old 20852014", "old " + "9" * 20, id="too large"),
        pytest.param("old 20852014", "OLD 1", id="capitals"),
        pytest.param("old 20852014\n", "", id="no old size"),
        pytest.param("old 20852014", "old 20852014\r", id="carriage return"),
        pytest.param("kaw=\n", "kax=\n", id="base64 with stray bits"),
        pytest.param("PlRN", "", id="a short hash"),
        pytest.param("PlRN", "PlRN PlRN", id="a space in a hash"),
        pytest.param("/0=\n\n", "/0=\n", id="no empty line"),
        pytest.param("\n20852163\n", "\n020852163\n", id="no checkpoint"),
        pytest.param("jxq2I=", "jxq2", id="root of another length"),
        pytest.param("\n— ", "\n- ", id="no signature line"),
        pytest.param("xeMcTOAYQ8=\n", "xeMcTOAYQ8=", id="no last line feed"),
    ],
)
def test_what_is_not_written_like_that_is_malformed(change, to):
    body = EXAMPLE.replace(change, to).encode()
    assert body != EXAMPLE.encode()
    with pytest.raises(Refused) as caught:
        parse_request(body)
    assert caught.value.answer.status == 400


@pytest.mark.parametrize("body", [b"", b"\n\n", b"\xff\xfe", EXAMPLE.encode() + b"\xff", b"old 1\n\n"])
def test_other_bytes_are_malformed(body):
    with pytest.raises(Refused) as caught:
        parse_request(body)
    assert caught.value.answer.status == 400


@pytest.mark.parametrize(("count", "accepted"), [(0, True), (63, True), (64, False)])
def test_at_most_63_hashes(count, accepted):
    head, _, note = EXAMPLE.partition("\n\n")
    body = "\n".join([head.split("\n")[0], *[HASH] * count]) + f"\n\n{note}"
    if accepted:
        assert len(parse_request(body.encode()).proof) == count
    else:
        with pytest.raises(Refused, match="at most 63"):
            parse_request(body.encode())


def test_a_long_request_is_not_taken_apart():
    line = EXAMPLE.splitlines(keepends=True)[-1]
    body = EXAMPLE.encode() + line.encode() * 20
    padded = body + b"x" * (MAX_REQUEST_BYTES + 1 - len(body))
    assert parse_request(body)
    with pytest.raises(Refused, match="too long"):
        parse_request(padded)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body):
    """Nothing but `Refused` comes out, and its text is one line of our own."""
    try:
        found = bytes(parse_request(body))
    except Refused as refused:
        found = str(refused)
    assert found == body or (isinstance(found, str) and "\n" not in found)


def test_an_unknown_log_is_not_found(world, signer_of):
    other = sign(str(Checkpoint("other.example", 5, bytes(32))), signer_of("other.example"))
    assert world.ask("a", 0, 5, note=str(other)).status == 404


@pytest.mark.parametrize("forged", ["wrong key", "wrong signature", "co-signed only"])
def test_a_checkpoint_that_the_log_has_not_signed_is_forbidden(world, signer_of, forged):
    text = str(world.checkpoint("a", 5))
    if forged == "wrong key":
        note = str(sign(text, signer_of("somebody.example")))
    elif forged == "wrong signature":
        note = world.notes["a"][5].replace("\n5\n", "\n6\n")
    else:
        note = world.notes["a"][5].partition("\n\n")[0] + "\n\n" + cosigned_line(world)
    assert world.ask("a", 0, 5, note=note).status == 403
    assert world.memory.written == []


def cosigned_line(world):
    return str(cosign(parse_note(world.notes["a"][5]), world.signer, 1).signatures[-1])


def test_other_signatures_on_the_checkpoint_do_not_matter(world, signer_of, noon_s):
    """Not those of other witnesses, not an earlier one of its own; and none of them is remembered."""
    stranger = signer_of("other.example/witness", KeyType.COSIGNATURE)
    note = cosign(cosign(parse_note(world.notes["a"][5]), stranger, 1), world.signer, 1)
    assert world.ask("a", 0, 5, note=str(note)).status == 200
    assert len(parse_note(world.memory.written[0]).signatures) == 2
    assert world.witness.remembered()["log.example"].posix_s == noon_s


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request(world):
    assert world.ask("a", 0, 5, told=6).status == 400


@pytest.mark.parametrize("told", [0, 1, 4, 256])
def test_a_wrong_old_size_is_answered_with_the_right_one(world, told):
    world.ask("a", 0, 5)
    answer = world.ask("a", 5, 300, told=told)
    assert (answer.status, answer.body, answer.content_type) == (409, "5\n", "text/x.tlog.size")


def test_a_log_that_was_never_seen_has_size_0(world):
    answer = world.ask("a", 5, 300)
    assert (answer.status, answer.body) == (409, "0\n")


@pytest.mark.parametrize("spoil", ["shorter", "longer", "changed", "swapped", "none"])
def test_a_wrong_proof_is_unprocessable(world, spoil):
    world.ask("a", 0, 5)
    proof = world.proof("a", 5, 300)
    wrong = {
        "shorter": proof[:-1],
        "longer": [*proof, bytes(32)],
        "changed": [bytes(32), *proof[1:]],
        "swapped": [proof[1], proof[0], *proof[2:]],
        "none": [],
    }[spoil]
    assert world.ask("a", 5, 300, proof=wrong).status == 422
    assert world.ask("a", 5, 300).status == 200


def test_from_size_0_there_is_nothing_to_prove(world):
    assert world.ask("a", 0, 5, proof=[bytes(32)]).status == 422
    assert world.ask("a", 0, 5).status == 200


def test_the_same_size_has_the_same_root(world):
    world.ask("a", 0, 520)
    assert world.ask("b", 520, 520).status == 422
    assert world.ask("a", 520, 520, proof=[bytes(32)]).status == 422
    assert world.ask("a", 520, 520).status == 200


def test_an_empty_log_is_co_signed_with_its_one_root(world):
    forged = str(sign(str(Checkpoint("log.example", 0, bytes(32))), world.log))
    assert world.checkpoint("a", 0).root == EMPTY_ROOT
    for _ in range(2):  # seen never, and seen empty
        assert world.ask("a", 0, 0, note=forged).status == 422
        assert world.ask("a", 0, 0, proof=[bytes(32)]).status == 422
        assert world.ask("a", 0, 0).status == 200
    assert world.ask("a", 0, 5).status == 200


def test_a_clock_that_went_back_signs_nothing(world, noon_s):
    world.ask("a", 0, 5)
    world.clock.now_s = noon_s - 1
    answer = world.ask("a", 5, 300)
    assert answer.status == 503
    assert "clock is behind" in answer.body
    world.clock.now_s = noon_s
    assert world.ask("a", 5, 300).status == 200


def test_checks_come_in_the_order_of_the_document(world, signer_of):
    """A request with every fault at once loses one after the other."""
    world.ask("a", 0, 300)
    wrong = [bytes(32)]
    foreign = str(sign(str(Checkpoint("other.example", 5, bytes(32))), signer_of("x.example")))
    unsigned = str(sign(str(world.checkpoint("b", 520)), signer_of("x.example")))
    world.clock.now_s -= 10
    found = [
        world.ask("b", 300, 520, told=600, proof=wrong, note=foreign).status,
        world.ask("b", 300, 520, told=600, proof=wrong, note=unsigned).status,
        world.ask("b", 300, 520, told=600, proof=wrong).status,
        world.ask("b", 300, 520, told=299, proof=wrong).status,
        world.ask("b", 300, 520, proof=wrong).status,
        world.ask("b", 300, 520).status,
    ]
    assert found == [404, 403, 400, 409, 422, 503]


def test_a_co_signature_is_one_line_that_verifies(world, noon_s):
    answer = world.ask("a", 0, 5)
    assert answer.status == 200
    assert answer.body.count("\n") == 1
    note = open_note(world.notes["a"][5] + answer.body, (), required=(world.signer.verifier,))
    assert [one.posix_s for one in note.signatures] == [noon_s]


def test_the_same_again_is_a_fresh_co_signature(world, noon_s):
    first = world.ask("a", 0, 5).body
    world.clock.now_s += 60
    second = world.ask("a", 5, 5).body
    assert first != second
    (signature,) = open_note(world.notes["a"][5] + second, [world.signer.verifier]).signatures
    assert signature.posix_s == noon_s + 60


def test_a_request_may_be_made_in_code():
    assert bytes(Request(0, (), parse_note(EXAMPLE.partition("\n\n")[2]))).startswith(
        b"old 0\n\nexample.com/"
    )
