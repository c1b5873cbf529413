"""Where browsers reach the server."""

import pytest

from api.accounts.address import parse_address
from productivity.errors import BadInput


@pytest.mark.parametrize(
    ("text", "origin", "host", "secure", "passkeys"),
    [
        ("https://plant.example", "https://plant.example", "plant.example", True, True),
        ("https://Plant.Example/", "https://plant.example", "plant.example", True, True),
        ("https://plant.example:443", "https://plant.example", "plant.example", True, True),
        ("https://plant.example:8443", "https://plant.example:8443", "plant.example", True, True),
        ("http://localhost:8443", "http://localhost:8443", "localhost", False, True),
        ("http://127.0.0.1:8443", "http://127.0.0.1:8443", "127.0.0.1", False, False),
        ("http://[::1]:8443", "http://[::1]:8443", "::1", False, False),
        ("https://192.0.2.7", "https://192.0.2.7", "192.0.2.7", True, False),
    ],
)
def test_an_address_is_what_browsers_call_it(text, origin, host, secure, passkeys):
    address = parse_address(text)
    assert (address.origin, address.host) == (origin, host)
    assert (address.secure, address.passkeys) == (secure, passkeys)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plant.example",
        "http://plant.example",  # read by everybody on the way
        "http://192.0.2.7",
        "http://127.0.0.1.plant.example",
        "ftp://plant.example",
        "https://",
        "https://plant.example/path",
        "https://plant.example?query",
        "https://SECRET@plant.example",
        "https://plant.example:port",
        "https://plant_example",
        "https://-plant.example",
        "https://plant.example\n.evil.example",
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(text):
    with pytest.raises(BadInput, match="not an address of the server") as refused:
        parse_address(text)
    assert "SECRET" not in str(refused.value)
