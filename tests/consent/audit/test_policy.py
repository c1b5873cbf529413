"""The policy file, after C2SP tlog-policy, and our two lines."""

import pytest

from consent.agreement.vocabulary import Party
from consent.audit.policy import parse_policy
from consent.notes import KeyType
from productivity.errors import BadInput


@pytest.fixture
def keys(signer_of):
    def make(name, type_=KeyType.COSIGNATURE):
        return signer_of(name, type_).verifier

    return make


def read(text):
    return parse_policy(text.encode(), "my.policy")


def test_the_example_of_the_specification(keys):
    """Two of three X, one of three Y, both groups; https://c2sp.org/tlog-policy."""
    lines = ["# a comment", "", f"log {keys('log.example', KeyType.ED25519)}"]
    witness = {name: keys(f"{name}.example") for name in ("X1", "X2", "X3", "Y1", "Y2", "Y3")}
    lines += [f"witness {name} {key} https://{name}.example/" for name, key in witness.items()]
    lines += ["group X 2 X1 X2 X3", "  group\tY any Y1 Y2 Y3  ", "group all all X Y", "quorum all", ""]
    policy = read("\n".join(lines))
    assert [key.name for key in policy.logs] == ["log.example"]
    enough = [
        ({"X1", "X2", "Y3"}, True),
        ({"X1", "X2", "X3"}, False),
        ({"X1", "Y1", "Y2"}, False),
        (set(), False),
    ]
    for names, expected in enough:
        assert policy.enough({witness[name] for name in names}) is expected


def test_a_single_witness_and_both_parties(keys):
    council, employer = keys("c", KeyType.ED25519), keys("e", KeyType.ED25519)
    policy = read(f"witness w {keys('w')}\nquorum w\nemployer {employer}\nworks-council {council}\n")
    assert policy.parties == {Party.EMPLOYER: (employer,), Party.COUNCIL: (council,)}
    assert policy.enough({keys("w")})
    assert not policy.enough({keys("v")})


def test_a_threshold_may_be_all_members(keys):
    policy = read(f"witness v {keys('v')}\nwitness w {keys('w')}\ngroup g 2 v w\nquorum g")
    assert policy.enough({keys("v"), keys("w")})
    assert not policy.enough({keys("v")})


def test_no_witness_may_be_asked_for(keys):
    assert read("quorum none").enough(set())


def test_octets_beyond_ascii_are_opaque(keys):
    """Names that differ in bytes differ, whether or not they are UTF-8."""
    key, other = str(keys("w")).encode(), str(keys("v")).encode()
    content = b"witness \xff " + key + b"\nwitness \xfe " + other + b"\nquorum \xff\n# \xc3\x28\n"
    policy = parse_policy(content, "p")
    assert policy.enough({keys("w")})
    assert not policy.enough({keys("v")})


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("log {ed}", None, "no quorum"),
        ("quorum none\nquorum none", 2, "second quorum"),
        ("quorum w\nwitness w {w}", 1, "unknown name"),
        ("group g any w\nquorum none", 1, "unknown name"),
        ("group g any g\nquorum none", 1, "unknown name"),
        ("witness none {w}\nquorum none", 1, "other than 'none'"),
        ("witness w {w}\nwitness w {v}\nquorum w", 2, "new name"),
        ("witness w {w}\nwitness v {w}\nquorum w", 2, "second time"),
        ("witness w {w}\nwitness v {renamed}\nquorum w", 2, "second time"),
        ("log {ed}\nlog {ed}\nquorum none", 2, "second time"),
        ("employer {ed}\nworks-council {ed}\nquorum none", 2, "second time"),
        ("log {w}\nquorum none", 1, "another type"),
        ("witness w {ed}\nquorum w", 1, "another type"),
        ("employer {w}\nquorum none", 1, "another type"),
        ("witness w {w}\ngroup g 2 w\nquorum g", 2, "from 1 to 1"),
        ("witness w {w}\ngroup g 0 w\nquorum g", 2, "from 1 to 1"),
        ("witness w {w}\ngroup g one w\nquorum g", 2, "from 1 to 1"),
        ("witness w {w}\ngroup g any\nquorum g", 2, "number of items"),
        ("witness w {w}\ngroup g any w w\nquorum g", 2, "one group at most"),
        ("witness w {w}\ngroup g any w\ngroup h any w\nquorum g", 3, "one group at most"),
        ("log\nquorum none", 1, "number of items"),
        ("log {ed} a b\nquorum none", 1, "number of items"),
        ("log nonsense\nquorum none", 1, "verifier key"),
        ("trust everybody", 1, "unknown kind"),
        ("quorum none\r\n", 1, "control character"),
        ("quorum none\n\n# \x7f", 3, "control character"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(keys, text, line, says):
    known = {"ed": keys("log.example", KeyType.ED25519), "w": keys("w"), "v": keys("v")}
    renamed = type(known["w"])("other", KeyType.COSIGNATURE, known["w"].public)
    place = "my.policy: " if line is None else f"my.policy, line {line}: "
    with pytest.raises(BadInput, match=f"^{place}.*{says}"):
        read(text.format(**known, renamed=renamed))


def test_a_policy_as_long_as_a_book_is_refused():
    with pytest.raises(BadInput, match="too long"):
        parse_policy(b"#" * (1 << 21), "p")


def test_many_witnesses_are_supported(keys):
    """The specification asks for 32 logs, witnesses and groups at least."""
    lines = [f"log {keys(f'log{n}', KeyType.ED25519)}" for n in range(40)]
    lines += [f"witness w{n} {keys(f'w{n}')}" for n in range(40)]
    lines += ["group g0 any w0", *(f"group g{n} all g{n - 1} w{n}" for n in range(1, 40)), "quorum g39"]
    policy = read("\n".join(lines))
    assert policy.enough({keys(f"w{n}") for n in range(40)})
    assert not policy.enough({keys(f"w{n}") for n in range(39)})
