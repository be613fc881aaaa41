"""Which addresses are this machine, and where prompts may be sent."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.runtime.server.address import ServerEntry, is_here, parse
from agents.runtime.server.consent import may_reach, may_send
from workbench.errors import BadInputError, StoppedError

HERE = [
    "http://127.0.0.1:8080/v1",
    "http://127.9.8.7",
    "http://[::1]:8080",
    "http://localhost:8080",
    "HTTP://LocalHost:8080/v1/",
    "https://127.0.0.1",
]
NOT_HERE = [
    "http://localhost.evil.com/v1",
    "http://evil-localhost",
    "http://127.0.0.1.evil.com",
    "http://models.example",
    "http://192.168.1.5:8080",
    "http://10.0.0.1",
    "http://0.0.0.0:8080",
    "http://127.1",
    "http://2130706433",
    "http://0x7f.0.0.1",
    "http://[::ffff:192.168.1.5]",
    "http://[fe80::1]",
    "http://128.0.0.1",
]
NO_ADDRESS = [
    "",
    "models.example",
    "ftp://127.0.0.1",
    "file:///etc/passwd",
    "http://",
    "http:///v1",
    "http://user@127.0.0.1",
    "http://127.0.0.1:80@evil.com/v1",
    "http://evil.com\\@127.0.0.1/v1",
    "http://127.0.0.1#@evil.com",
    "http://127.0.0.1?x=@evil.com",
    "http://127.0.0.1/v1?key=1",
    "http://127.0.0.1:0",
    "http://127.0.0.1:65536",
    "http://127.0.0.1:port",
    "http://loc alhost",
    "http://localhost\n.evil.com",
    "http://ⓛocalhost",
    "http://127。0。0。1",
    "http://[::1%25eth0]",
    "http://[::1",
    "http://[dead]",
    "http://[1.2.3.4",
    "http://127.0.0.1/v1/../admin",
    "http://localhost.",
    "http://127.0.0.1/%2e%2e",
    f"http://127.0.0.1/{'a' * 3000}",
]


@pytest.mark.parametrize("url", HERE)
def test_servers_on_this_machine_need_neither_tls_nor_consent(url: str) -> None:
    may_send(ServerEntry("mine", url), url)


@pytest.mark.parametrize("url", NOT_HERE)
def test_any_other_server_is_refused_without_tls_even_with_consent(url: str) -> None:
    with pytest.raises(BadInputError, match="without TLS"):
        may_send(ServerEntry("mine", url, consent=parse(url).site), url)


@pytest.mark.parametrize("url", NOT_HERE)
def test_any_other_server_needs_consent_for_itself(url: str) -> None:
    safe = url.replace("http:", "https:")
    with pytest.raises(StoppedError, match="nobody has allowed"):
        may_send(ServerEntry("mine", safe), safe)
    may_send(ServerEntry("mine", safe, consent=parse(safe).site), safe)


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadInputError, match="no address of a model server") as raised:
        may_reach(url)
    assert "\n" not in str(raised.value)


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(BadInputError) as raised:
        parse("https://me:hunter2@models.example/v1")
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("other", ["models.example:8443", "models.example.evil.com", "evil.com", "MODELS.example "])
def test_consent_for_one_site_is_none_for_another(other: str) -> None:
    entry = ServerEntry("mine", "https://models.example/v1", consent=other)
    with pytest.raises(StoppedError):
        may_send(entry, entry.url)


def test_consent_is_asked_about_the_address_that_is_used_and_not_the_one_of_the_entry() -> None:
    entry = ServerEntry("mine", "https://models.example/v1", consent="models.example")
    may_send(entry, entry.url)
    with pytest.raises(StoppedError, match=r"evil\.com"):
        may_send(entry, "https://evil.com/v1")


@pytest.mark.parametrize("found", [["127.0.0.1", "93.184.215.14"], ["93.184.215.14"], []])
def test_localhost_that_leads_elsewhere_is_not_here(found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    assert not is_here(parse("http://localhost"))


def test_a_name_that_leads_here_is_still_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    assert not is_here(parse("http://rebound.example"))


@given(st.text(alphabet="abc.:/@[]\\%?#0127localhst \n-", max_size=30))
def test_an_address_is_read_the_same_by_whoever_connects(rest: str) -> None:
    from requests import Request

    try:
        address = parse(f"http://{rest}")
    except BadInputError:
        return
    prepared = Request("GET", address.url("/models")).prepare()
    assert prepared.url == address.url("/models")
    assert parse(address.url("")) == address


def test_an_address_keeps_its_path_and_gets_v1_without_one() -> None:
    assert parse("https://models.example").url("/models") == "https://models.example/v1/models"
    assert parse("https://models.example/openai/v1/").url("/models") == "https://models.example/openai/v1/models"
    assert parse("http://[::1]:8080/v1").root_url("/props") == "http://[::1]:8080/props"
    assert parse("http://localhost:80/v1").site == "localhost"
