"""The signature against RFC 9421 read independently, and exchanges with a faithful server on this machine."""

import base64
import datetime
import hashlib
import re
import ssl
import time
from email.utils import format_datetime
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from capture.outbox.batch import Batch, write_body
from capture.outbox.pacing import Answer
from capture.outbox.signature import sign_get, signed_headers
from capture.outbox.transport import Reply, Transport, _answer
from consent.notes import KeyType, Signer
from productivity.errors import BadInput

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
BOOT = "b" * 32


def now_s():
    return int(time.time())


@pytest.fixture
def batch(entry):
    return Batch(BOOT, 7, write_body("edge-1", BOOT, 7, [entry()]))


@pytest.fixture
def enrolled(server):
    """The server knows the device."""
    server.plant.add_device("edge-1", str(Signer("edge-1", KeyType.ED25519, KEY).verifier))
    return server


def send(server, batch, *, key=KEY, device="edge-1", clock=now_s):
    with Transport(server.url) as transport:
        return transport.send(batch, device, key, clock)


def test_the_signature_is_that_of_rfc_9421(batch):
    """Section 2.5: the signature base, built here by hand; RFC 9530: the digest."""
    headers = signed_headers(
        "https://plant.example/x/v1/batches", batch, "edge-1", KEY, posix_s=1_800_000_000
    )
    digest = base64.b64encode(hashlib.sha256(batch.body).digest()).decode()
    parameters = (
        '("@method" "@path" "content-digest" "content-type")'
        f';created=1800000000;keyid="edge-1";nonce="{BOOT}.7"'
    )
    assert headers["Content-Digest"] == f"sha-256=:{digest}:"
    assert headers["Signature-Input"] == f"fairtakt={parameters}"
    base = (
        '"@method": POST\n"@path": /x/v1/batches\n'
        f'"content-digest": sha-256=:{digest}:\n"content-type": application/json\n'
        f'"@signature-params": {parameters}'
    )
    (signature,) = re.fullmatch("fairtakt=:(.+):", headers["Signature"]).groups()
    KEY.public_key().verify(base64.b64decode(signature), base.encode())


def test_a_request_without_content_is_signed_by_method_and_path_as_they_are_spelled():
    url = "https://plant.example/v1/stations/Pr%C3%BCfplatz%201%2F2/file"
    headers = sign_get(url, "c" * 32, "edge-1", KEY, posix_s=1_800_000_000)
    assert set(headers) == {"Signature-Input", "Signature"}
    parameters = f'("@method" "@path");created=1800000000;keyid="edge-1";nonce="{"c" * 32}"'
    assert headers["Signature-Input"] == f"fairtakt={parameters}"
    base = (
        '"@method": GET\n"@path": /v1/stations/Pr%C3%BCfplatz%201%2F2/file\n'
        f'"@signature-params": {parameters}'
    )
    (signature,) = re.fullmatch("fairtakt=:(.+):", headers["Signature"]).groups()
    KEY.public_key().verify(base64.b64decode(signature), base.encode())


def test_a_batch_arrives_byte_for_byte_and_is_acknowledged(enrolled, batch):
    assert send(enrolled, batch).same
    again = send(enrolled, batch)
    assert (again.status, again.same) == (200, True)
    assert len(enrolled.plant.bodies()) == 1
    assert enrolled.seen[0][2] == batch.body


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"key": Ed25519PrivateKey.from_private_bytes(bytes(32))}, 401),
        ({"device": "edge-2"}, 401),
        ({"clock": lambda: now_s() - 900}, 401),
        ({"clock": lambda: now_s() + 900}, 401),
    ],
    ids=["another key", "another name", "a clock behind", "a clock ahead"],
)
def test_what_does_not_fit_is_not_taken(enrolled, batch, change, status):
    answer = send(enrolled, batch, **change)
    assert (answer.status, answer.same) == (status, False)
    assert abs(answer.server_s - now_s()) < 60
    assert enrolled.plant.bodies() == []


def test_other_content_under_the_same_number_is_a_conflict(enrolled, batch, entry):
    send(enrolled, batch)
    other = Batch(BOOT, 7, write_body("edge-1", BOOT, 7, [entry(1)]))
    assert send(enrolled, other).status == 409


@pytest.mark.parametrize(
    ("planned", "expected"),
    [
        ("cut", Answer(None)),
        ((200, {}), Answer(200)),
        ((200, {"device": "edge-1", "boot": BOOT, "sequence": 8}), Answer(200)),
        ((200, {"device": "edge-1", "boot": BOOT, "sequence": 7}), Answer(200, same=True)),
        ((200, ["edge-1"]), Answer(200)),
        ((429, {}, {"Retry-After": "17"}), Answer(429, retry_after_s=17.0)),
        ((503, {}, {"Retry-After": "soon"}), Answer(503)),
        ((503, {}, {"Retry-After": "-1"}), Answer(503)),
    ],
    ids=str,
)
def test_what_came_back_is_understood(server, batch, planned, expected):
    server.answers = [planned]
    found = send(server, batch)
    assert (found.status, found.same, found.retry_after_s) == (
        expected.status,
        expected.same,
        expected.retry_after_s,
    )


def test_retry_after_may_be_a_date(server, batch):
    at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=90)
    server.answers = [(503, {}, {"Retry-After": format_datetime(at, usegmt=True)})]
    assert send(server, batch).retry_after_s == pytest.approx(90, abs=5)


@pytest.mark.parametrize("header", ["Date", "Retry-After"])
@pytest.mark.parametrize(
    "value", ["Mon, 01 Jan 2024 00:00:00 +99999999999999999999", "Mon, 32 Jan 2024 00:00:00", "x", ""]
)
def test_a_date_that_is_none_is_no_more_than_that(header, value):
    answer = _answer(Reply(503, {header.lower(): value}, {}), 0, same=False)
    assert answer == Answer(503)


def test_the_servers_own_word_about_its_clock_counts_first(server, batch):
    server.answers = [(401, {"server_time": 12345})]
    assert send(server, batch).server_s == 12345


def test_a_redirection_is_not_followed(server, batch):
    server.answers = [(307, {}, {"Location": f"{server.url}/elsewhere"})]
    assert send(server, batch).status == 307
    assert len(server.seen) == 1


def test_a_long_answer_is_not_read_to_its_end(server, batch):
    server.answers = [(200, {"device": "edge-1", "boot": BOOT, "sequence": 7, "more": "x" * 10_000_000})]
    assert send(server, batch) == Answer(200, server_s=pytest.approx(now_s(), abs=5))


def test_the_environment_sends_nothing_elsewhere(enrolled, batch, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert send(enrolled, batch).same


def test_nobody_there_is_an_answer_too(server, batch):
    url = server.url
    server.shutdown()
    server.server_close()
    with Transport(url) as transport:
        assert transport.send(batch, "edge-1", KEY, now_s) == Answer(None)
        assert transport.enroll("code", "edge-1", "key") is None


def certificate(directory, name):
    """A certificate of its own authority, for 127.0.0.1; as file for server and client."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = directory / f"{name}.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = directory / f"{name}.key.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return public, private


@pytest.mark.parametrize(
    ("trusted", "status"), [("plant", 200), ("other", None), (None, None)], ids=["own", "other", "none"]
)
def test_a_server_without_a_trusted_certificate_gets_nothing(tmp_path, enrolled, batch, trusted, status):
    files = {name: certificate(tmp_path, name) for name in ("plant", "other")}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files["plant"])
    enrolled.socket = context.wrap_socket(enrolled.socket, server_side=True)
    enrolled.handle_error = lambda *_: None  # a handshake that fails is what is expected
    url = enrolled.url.replace("http:", "https:")
    with Transport(url, certificates=files[trusted][0] if trusted else None) as transport:
        assert transport.send(batch, "edge-1", KEY, now_s).status == status
    assert len(enrolled.plant.bodies()) == (1 if status else 0)


def test_certificates_that_cannot_be_read_are_named(tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate")
    for name in ("ca.pem", "missing.pem"):
        with pytest.raises(BadInput, match=f"{name}: certificates cannot be read"):
            Transport("https://plant.example", certificates=tmp_path / name)
