"""Whether a prompt may leave this machine: screens and what is typed go nowhere that a person has not allowed.

Each model is asked about by itself and for one site; another address in its entry needs to be allowed anew. Servers on
this machine need no consent. To any other, everything goes through TLS.
"""

from agents.runtime.server.address import Address, ServerEntry, is_here, parse
from workbench.errors import BadInputError, StoppedError


def may_send(entry: ServerEntry, url: str) -> None:
    """Return where prompts of this model may be sent to the URL.

    Raises `BadInputError` where the way there is not safe or the address is none, and `StoppedError` where no person
    has allowed it.
    """
    address = may_reach(url)
    if is_here(address) or entry.consent == address.site:
        return
    raise StoppedError(
        f"the model “{entry.name}” runs at {address.site}: pictures of the screen and texts would leave this machine, "
        "and nobody has allowed that for this model; add it again with --allow-frames --replace, or take another"
    )


def may_reach(url: str) -> Address:
    """The address, where a request without any prompt may go there: on this machine, or through TLS."""
    address = parse(url)
    if address.scheme != "https" and not is_here(address):
        raise BadInputError(
            f"{address.origin} is not this machine and would be reached without TLS, so that others could read along; "
            "use its https address, or a tunnel that ends on 127.0.0.1"
        )
    return address
