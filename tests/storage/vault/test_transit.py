"""The external key store: the same tests against a server in memory and a real OpenBao."""

import datetime
import ipaddress
import secrets
import ssl
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from productivity.errors import BadInput
from storage.vault.key_file import KeyFile
from storage.vault.segments import Segments
from storage.vault.transit import Transit, TransitSettings
from tests.consent.vault.vault_world import VaultWorld, motion, same


@pytest.fixture
def record():
    return secrets.token_hex(16)


PRIVATE = bytes(range(32))
ROOT = Path(__file__).resolve().parents[3]


def test_there_and_back(server, transit_of, record):
    transit = transit_of(server)
    protected = transit.protect(record, PRIVATE)
    assert PRIVATE not in protected
    assert transit.reveal(record, protected) == PRIVATE
    assert f"fairtakt-{record}" in server.names()


def test_each_record_has_a_key_of_its_own(server, transit_of, record):
    transit, other = transit_of(server), secrets.token_hex(16)
    protected = transit.protect(record, PRIVATE)
    transit.protect(other, PRIVATE)
    with pytest.raises(BadInput, match=r"key store refused.*400"):
        transit.reveal(other, protected)


def test_what_was_destroyed_is_gone(server, transit_of, record):
    transit, other = transit_of(server), secrets.token_hex(16)
    protected, kept = transit.protect(record, PRIVATE), transit.protect(other, PRIVATE)
    transit.destroy(record)
    transit.destroy(record)  # what is gone is no error
    with pytest.raises(BadInput, match=r"key store refused.*400"):
        transit.reveal(record, protected)
    assert f"fairtakt-{record}" not in server.names()
    assert transit.reveal(other, kept) == PRIVATE


def test_what_never_was_is_no_error(server, transit_of, record):
    transit_of(server).destroy(record)


def test_making_a_key_again_keeps_the_first(server, transit_of, record):
    """A crash between the key there and the row here."""
    transit = transit_of(server)
    first, second = transit.protect(record, PRIVATE), transit.protect(record, PRIVATE[::-1])
    assert transit.reveal(record, first) == PRIVATE
    assert transit.reveal(record, second) == PRIVATE[::-1]


def test_a_changed_ciphertext_is_refused(server, transit_of, record):
    transit = transit_of(server)
    protected = transit.protect(record, PRIVATE)
    changed = protected[:-1] + bytes([protected[-1] ^ 1])
    with pytest.raises(BadInput, match="key store refused"):
        transit.reveal(record, changed)


def test_a_wrong_token_is_told_without_showing_it(server, transit_of, record, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("s.notthetoken", encoding="ascii")
    with pytest.raises(BadInput, match=r"key store refused.*403") as error:
        transit_of(server, token_file=wrong).protect(record, PRIVATE)
    assert "notthetoken" not in str(error.value)


def test_another_mount(server, transit_of, record):
    with pytest.raises(BadInput, match="key store refused"):
        transit_of(server, mount="elsewhere/transit").protect(record, PRIVATE)


def test_a_vault_under_an_external_store(server, transit_of, data):
    """The whole way: the key file alone opens nothing, and shredding destroys the key there."""
    with KeyFile(data / "vault", transit_of(server)) as keys:
        world = VaultWorld(keys, Segments(data / "motion"))
        first, second = world.consents(0), world.consents(1)
        segments = [world.seals(first, motion(seed=1)), world.seals(second, motion(seed=2))]
        evidence = world.uses(*segments)
        assert same(world.vault.open(evidence, segments[0]), motion(seed=1))
        assert {f"fairtakt-{one}" for one in (first, second)} <= server.names()
        keys.shred(first)
        assert f"fairtakt-{first}" not in server.names()
        with pytest.raises(BadInput, match="key was shredded"):
            world.vault.open(evidence, segments[0])
        assert same(world.vault.open(evidence, segments[1]), motion(seed=2))


def test_the_policy_of_the_manual_is_enough(openbao, transit_of, record, tmp_path):
    """The words of docs/vault.md, given to a real server: neither more nor less than what is used."""
    policy = (ROOT / "docs" / "vault.md").read_text(encoding="utf-8").split("```hcl\n")[1].split("```")[0]
    with httpx.Client(base_url=f"{openbao.address}/v1/", headers={"X-Vault-Token": openbao.token}) as root:
        root.post("sys/policies/acl/fairtakt", json={"policy": policy}).raise_for_status()
        root.post("transit/config/keys", json={"disable_upsert": True}).raise_for_status()
        made = root.post("auth/token/create", json={"policies": ["fairtakt"], "no_default_policy": True})
        token = tmp_path / "limited"
        token.write_text(made.raise_for_status().json()["auth"]["client_token"], encoding="ascii")
        transit = transit_of(openbao, token_file=token)
        protected = transit.protect(record, PRIVATE)
        assert transit.reveal(record, protected) == PRIVATE
        transit.destroy(record)
        with pytest.raises(BadInput, match="key store refused"):
            transit.reveal(record, protected)
        limited = {"X-Vault-Token": token.read_text(encoding="ascii")}
        assert (
            root.get(f"transit/export/encryption-key/fairtakt-{record}", headers=limited).status_code == 403
        )
        assert root.request("LIST", "transit/keys", headers=limited).status_code == 403


# What a real server cannot be made to do.


def test_a_copied_key_file_is_nothing_without_the_store(memory_server, transit_of, data, record):
    with KeyFile(data / "vault", transit_of(memory_server)) as keys:
        keys.create(record)
        memory_server.keys.clear()
        stored = keys._row(record)[1]
    assert len(stored) > 32
    with pytest.raises(BadInput, match="protected in another way"):
        KeyFile(data / "vault")


def test_a_store_that_is_away_does_not_hide_a_shredding(memory_server, transit_of, data, record):
    """Nothing is unwrapped from the first moment on; the file opens, and the shredding is made good."""
    away = {"now": False}
    memory_server.fault = lambda method, path: 503 if away["now"] else None
    with KeyFile(data / "vault", transit_of(memory_server)) as keys:
        keys.create(record)
        away["now"] = True
        with pytest.raises(BadInput, match="503"):
            keys.shred(record)
        with pytest.raises(BadInput, match="key was shredded"):
            keys.public(record)
        assert keys.unfinished() == {record} == keys.known()
    with KeyFile(data / "vault", transit_of(memory_server)) as keys:
        assert keys.unfinished() == {record}
        away["now"] = False
        keys.shred(record)
        assert keys.known() == frozenset()
    assert memory_server.names() == set()


def test_opening_finishes_what_the_store_kept_open(memory_server, transit_of, data, record):
    with KeyFile(data / "vault", transit_of(memory_server)) as keys:
        keys.create(record)
        memory_server.fault = lambda method, path: 503 if method == "DELETE" else None
        with pytest.raises(BadInput, match="503"):
            keys.shred(record)
    memory_server.fault = lambda method, path: None
    with KeyFile(data / "vault", transit_of(memory_server)) as keys:
        assert keys.known() == frozenset()
    assert memory_server.names() == set()


def test_a_store_that_says_deleted_and_keeps_is_caught(memory_server, transit_of, record):
    transit = transit_of(memory_server)
    transit.protect(record, PRIVATE)
    memory_server.keys = _Sticky(memory_server.keys)
    with pytest.raises(BadInput, match="has not deleted a key"):
        transit.destroy(record)


class _Sticky(dict):
    def __delitem__(self, key):
        pass


def test_a_404_of_a_proxy_is_not_taken_for_a_key_that_is_gone(memory_server, transit_of, record):
    transit = transit_of(memory_server)
    transit.protect(record, PRIVATE)
    memory_server.fault = lambda method, path: 404
    with pytest.raises(BadInput, match=r"key store refused.*404"):
        transit.destroy(record)


@pytest.mark.parametrize("field", ["exportable", "allow_plaintext_backup"])
def test_a_key_that_could_leave_the_store_is_not_used(memory_server, transit_of, record, field):
    transit = transit_of(memory_server)
    transit.protect(record, PRIVATE)
    memory_server.keys[f"fairtakt-{record}"][field] = True
    with pytest.raises(BadInput, match="a key that we did not ask for"):
        transit.protect(record, PRIVATE)


def test_a_store_that_is_out_of_reach(memory_server, transit_of, record):
    address = memory_server.address
    transit = transit_of(memory_server)
    memory_server.shutdown()
    memory_server.server_close()
    with pytest.raises(BadInput, match="out of reach") as error:
        transit.protect(record, PRIVATE)
    assert address in str(error.value)


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "cannot be read"), (b"", "not a token"), (b"a b", "not a token"), (b"\xff", "not a")],
)
def test_a_token_file_that_is_none(memory_server, transit_of, record, tmp_path, content, why):
    path = tmp_path / "other"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=why):
        transit_of(memory_server, token_file=path).protect(record, PRIVATE)


@pytest.mark.parametrize("address", ["http://vault.example", "ftp://127.0.0.1", "https://", "https://a@b"])
def test_an_address_that_others_could_listen_to(address, token_file):
    with pytest.raises(BadInput, match=r"http can be read|address"):
        Transit(TransitSettings(address, token_file))


@pytest.mark.parametrize("mount", ["", "/", "../sys", "a b", "a//b"])
def test_a_mount_that_is_none(mount, token_file):
    with pytest.raises(BadInput, match="mount of the key store"):
        Transit(TransitSettings("https://127.0.0.1", token_file, mount=mount))


def _certificate(path):
    """A certificate for loopback that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "key store of a test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return certificate.public_bytes(Encoding.PEM)


def test_certificates_are_verified(memory_server, transit_of, record, tmp_path):
    """An unknown certificate is refused before the token is sent; a named authority is enough."""
    public = tmp_path / "authority.pem"
    public.write_bytes(_certificate(tmp_path / "server.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    memory_server.socket = context.wrap_socket(memory_server.socket, server_side=True)
    address = memory_server.address.replace("http:", "https:")
    memory_server.handle_error = lambda *_: None
    with pytest.raises(BadInput, match="out of reach"):
        transit_of(memory_server, address=address).protect(record, PRIVATE)
    assert memory_server.asked == []
    trusting = transit_of(memory_server, address=address, certificates=public)
    assert trusting.reveal(record, trusting.protect(record, PRIVATE)) == PRIVATE


def test_certificates_that_cannot_be_read(token_file, tmp_path):
    with pytest.raises(BadInput, match="certificates cannot be read"):
        Transit(TransitSettings("https://127.0.0.1", token_file, certificates=tmp_path / "none.pem"))
