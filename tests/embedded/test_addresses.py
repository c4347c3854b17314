"""Ports: a taken one, a closed one and a wrong address are refused with a sentence; a free one is shared."""

import socket

import pytest

from server.embedded.addresses import answers, listen, network_urls
from server.embedded.program import StartError


def test_a_taken_port_is_refused_with_one_sentence() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            StartError, match=f"Port {port} is taken: stop what uses it, or choose another with --port."
        ):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_refused_with_one_sentence(host: str) -> None:
    with pytest.raises(StartError, match=f"{host} is not an address.*: choose another with --host."):
        listen(host, 0)


def test_only_a_server_on_every_address_is_found_in_the_local_network() -> None:
    assert network_urls("127.0.0.1", 8000) == []
    assert all(url.startswith("http://") and url.endswith(":8000") for url in network_urls("0.0.0.0", 8000))


def test_nobody_answers_on_a_free_port() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert not answers(f"http://127.0.0.1:{unused.getsockname()[1]}/readyz")
