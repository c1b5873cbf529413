import pytest

from capture.outbox.address import check_address
from productivity.errors import BadInput


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://plant.example", "https://plant.example"),
        ("https://plant.example:8443/fairtakt/", "https://plant.example:8443/fairtakt"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
    ],
)
def test_an_address_that_nobody_can_listen_to_is_taken(url, kept):
    assert check_address(url, insecure=False) == kept


@pytest.mark.parametrize(
    "url",
    ["http://plant.example", "http://192.0.2.7:8000", "http://localhost.example", "http://0.0.0.0:80"],
)
def test_http_beyond_this_machine_has_to_be_spelled_out(url):
    with pytest.raises(BadInput, match="--insecure"):
        check_address(url, insecure=False)
    assert check_address(url, insecure=True) == url


@pytest.mark.parametrize(
    "url",
    [
        "plant.example",
        "ftp://plant.example",
        "https://",
        "https://user:word@plant.example",
        "https://plant.example?x=1",
        "https://plant.example#x",
        "https://plant.example:99999",
        "https://plant.example:0",
        "https://plant example",
        "https://plänt.example",
        "https://[::1",
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(url):
    with pytest.raises(BadInput, match="address of the server: expected https") as error:
        check_address(url, insecure=True)
    assert "word" not in str(error.value)
