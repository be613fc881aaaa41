"""What a person wants done with models, as the command line and the window both do it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from workbench.errors import BadInputError, UnavailableError, WorkbenchError

if TYPE_CHECKING:
    from agents.runtime.models.getting import Wanted
    from agents.runtime.models.registry import Entry, Registry, Role

ROLES = ("planner", "grounder", "judge", "embedder")

WITHOUT_PICTURES = "none"
"""What is given in place of a pattern for the mmproj where no such file is to be fetched."""


@dataclass(frozen=True)
class OwnFiles:
    """A model of a person's own files.

    With `trust_pair` the two files are taken although their names differ. `family` is empty where it is to be
    recognised, `context` is in tokens and 0 where the settings decide.
    """

    name: str
    model: Path
    mmproj: Path | None = None
    trust_pair: bool = False
    family: str = ""
    context: int = 0
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Server:
    """A model behind an OpenAI-compatible server.

    `key_name` is the secret that holds its key, `ca_file` has certificates to trust; with `allow_frames` a person has
    allowed that screens are sent there.
    """

    name: str
    url: str
    remote_name: str = ""
    key_name: str = ""
    ca_file: Path | None = None
    allow_frames: bool = False
    family: str = ""
    context: int = 0
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fetch:
    """What to fetch from the hub: a name of the catalogue, or with `repository` (OWNER/REPO) a name of one's own.

    `model` and `mmproj` are patterns of file names, empty for the usual ones; `own_name` is what to call it here.
    """

    name: str
    own_name: str = ""
    repository: str = ""
    model: str = ""
    mmproj: str = ""


@dataclass(frozen=True)
class Listed:
    """The models there are, the built-in one first, and why others could not be read."""

    entries: tuple["Entry", ...]
    errors: tuple[WorkbenchError, ...] = ()


def listed(registry: "Registry") -> Listed:
    """All models; one that is damaged does not hide the others."""
    from agents.runtime.models.built_in import NAME, comes_along

    entries, errors = [], []
    for name in [*([NAME] if comes_along() else []), *registry.names()]:
        try:
            entries.append(registry.get(name))
        except (BadInputError, UnavailableError) as error:
            errors.append(error)
    return Listed(tuple(entries), tuple(errors))


def files_entry(own: OwnFiles) -> "Entry":
    """The entry of a model of one's own files, once they are seen to be usable; raises `BadInputError`."""
    from agents.runtime.models.families import family
    from agents.runtime.models.opening import recognise_files
    from agents.runtime.models.registry import Entry, check_name

    _refuse_mixed(own.roles)
    check_name(own.name)
    model, mmproj = own.model.absolute(), own.mmproj.absolute() if own.mmproj else None
    _check_unicode(model, mmproj)
    found = recognise_files(model, mmproj, by_name=not own.trust_pair, answers="embedder" not in own.roles)
    return Entry(
        name=own.name,
        family=family(own.family).name if own.family else found.name,
        model=str(model),
        mmproj=str(mmproj) if mmproj else "",
        context=own.context,
        roles=_roles(own.roles),
    )


def server_entry(server: Server, may_send: Callable[[str], bool]) -> "Entry":
    """The entry of a model behind a server; raises `BadInputError`.

    `may_send` is asked with the name of a site that is not this machine, where nothing was allowed yet.
    """
    from agents.runtime.models.families import family, recognise_name
    from agents.runtime.models.registry import Entry, check_name
    from agents.runtime.server.address import is_here
    from agents.runtime.server.consent import may_reach
    from workbench import secrets

    _refuse_mixed(server.roles)
    check_name(server.name)
    if server.key_name:
        secrets.check_name(server.key_name)
    address = may_reach(server.url)
    allowed = server.allow_frames or (not is_here(address) and may_send(address.site))
    return Entry(
        name=server.name,
        kind="server",
        family=family(server.family).name if server.family else recognise_name(server.remote_name or server.name).name,
        url=server.url,
        remote_name=server.remote_name,
        key_name=server.key_name,
        ca_file=str(server.ca_file.absolute()) if server.ca_file else "",
        consent=address.site if allowed else "",
        context=server.context,
        roles=_roles(server.roles),
    )


def wanted_of(fetch: Fetch) -> "Wanted":
    """What to fetch, in the words of the hub; raises `BadInputError` for a name that cannot be or is not known."""
    from agents.runtime.models.getting import Wanted, wanted
    from agents.runtime.models.registry import check_name

    own = check_name(fetch.own_name or fetch.name)
    what = Wanted(own, fetch.repository) if fetch.repository else replace(wanted(fetch.name), name=own)
    if fetch.model:
        what = replace(what, model=fetch.model)
    if fetch.mmproj:
        what = replace(what, mmproj="" if fetch.mmproj == WITHOUT_PICTURES else fetch.mmproj)
    return what


def remark_on(entry: "Entry") -> str:
    """What is good to know of a model that was added; empty where there is nothing to say."""
    from agents.runtime.models.families import family

    row = family(entry.family)
    if entry.kind == "local" and not entry.mmproj:
        return "it has no mmproj and takes no pictures; add it again with --mmproj F --replace to let it see"
    return f"{row.title}: {row.note}" if row.note else ""


def described(entry: "Entry", registry: "Registry") -> dict[str, Any]:
    """All that is kept of a model, whether it is calibrated, and where it is."""
    import msgspec

    whole: dict[str, Any] = msgspec.to_builtins(entry)
    calibrated = registry.is_calibrated(entry.name)
    return {**whole, "calibrated": calibrated, "at": entry.url if entry.kind == "server" else entry.model}


def assign(registry: "Registry", role: "Role", name: str) -> None:
    """Give the role to this model alone; to nobody where the name is empty.

    Raises `BadInputError` for a model that only embeds, and `UnavailableError` for a name that is none.
    """
    from msgspec.structs import replace as changed

    chosen = registry.get(name) if name else None
    if chosen is not None:
        _refuse_mixed((*chosen.roles, role))
    for entry in listed(registry).entries:
        others = tuple(each for each in entry.roles if each != role)
        roles = (*others, role) if chosen is not None and entry.name == chosen.name else others
        if roles != entry.roles and set(roles) != set(entry.roles):
            registry.add(changed(entry, roles=roles), replace=True)


def _refuse_mixed(roles: tuple[str, ...]) -> None:
    if "embedder" in roles and len(set(roles)) > 1:
        raise BadInputError(
            "a loaded model either answers or embeds: add it once with --role embedder, and once under another name "
            "with its other roles"
        )


def _roles(roles: tuple[str, ...]) -> "tuple[Role, ...]":
    return cast("tuple[Role, ...]", tuple(dict.fromkeys(roles)))


def _check_unicode(*paths: Path | None) -> None:
    """Refuse files whose names the registry, which is JSON, cannot hold."""
    for path in filter(None, paths):
        try:
            str(path).encode()
        except UnicodeEncodeError as error:
            raise BadInputError(f"the path {str(path)!a} is no Unicode; rename what it leads through") from error
