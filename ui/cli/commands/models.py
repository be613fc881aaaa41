"""`workbench-cli models`: the models on this machine and behind servers."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ui.cli.console import Console
from ui.cli.tables import table
from ui.cli.values import positive
from ui.orders.models import (
    ROLES,
    Fetch,
    OwnFiles,
    Server,
    described,
    files_entry,
    listed,
    remark_on,
    server_entry,
    wanted_of,
)
from workbench.errors import BadInputError

if TYPE_CHECKING:
    from agents.runtime.models.registry import Entry, Registry

HELP = "fetch, add, check, calibrate and try the models that see the screen"
EXAMPLE = """workbench-cli models get qwen2.5-vl-3b
  workbench-cli models add mine --model mine.gguf --mmproj mine-mmproj.gguf
  workbench-cli models try mine --image screen.png "What is the title of the window?\""""


def configure(parser: ArgumentParser) -> None:
    """What can be done with models."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|add|get|remove|check|calibrate|try")
    listing = actions.add_parser("list", help="show the models there are, or all that can be fetched")
    listing.add_argument("--catalogue", action="store_true", help="show what `models get` can fetch")
    _show_example(listing, "models list --catalogue")
    _configure_add(actions.add_parser("add", help="take a model of your own files, or one behind a server"))
    _configure_get(actions.add_parser("get", help="fetch a model from the hub; goes on where it was cut off"))
    for action, help_text in (
        ("remove", "forget a model; deletes what `get` fetched, never files of your own"),
        ("check", "load a model, show it a picture and measure how fast it is"),
        ("calibrate", "find out how a model counts places and how well it hits"),
    ):
        parser_of_action = actions.add_parser(action, help=help_text)
        _add_name(parser_of_action)
        _show_example(parser_of_action, f"models {action} qwen2.5-vl-3b")
    trying = actions.add_parser("try", help="ask a model about a picture and print its answer")
    _add_name(trying)
    trying.add_argument("--image", metavar="F", type=Path, action="append", default=[], help="PNG, JPEG or WebP file")
    trying.add_argument("--max-tokens", metavar="N", type=positive, default=512, help="longest answer (default 512)")
    trying.add_argument("question", metavar="QUESTION", help="sent to the model as it is")
    _show_example(trying, 'models try mine --image screen.png "Which window is in front?"')


def run(args: Namespace, console: Console) -> int:
    """Do what was asked; raises `BadInputError` for files that cannot work, `UnavailableError` for unknown models."""
    return _ACTIONS[args.action](args, console)


def _show_example(parser: ArgumentParser, words: str) -> None:
    parser.epilog = f"example:\n  workbench-cli {words}"


def _add_name(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the model's name")


def _configure_add(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="what to call it: a-z, 0-9, full stop, hyphen and underscore")
    parser.add_argument("--model", metavar="F", type=Path, help="the model's GGUF file")
    parser.add_argument("--mmproj", metavar="F", type=Path, help="the GGUF file that lets it see")
    parser.add_argument("--trust-pair", action="store_true", help="take the two files although their names differ")
    parser.add_argument("--server", metavar="URL", help="an OpenAI-compatible server, in place of files")
    parser.add_argument("--remote-name", metavar="N", default="", help="what the server calls the model")
    parser.add_argument("--key-name", metavar="S", default="", help="the secret that holds the server's key")
    parser.add_argument("--ca-file", metavar="F", type=Path, help="certificates to trust for the server")
    parser.add_argument("--allow-frames", action="store_true", help="allow that screens are sent to the server")
    parser.add_argument("--family", metavar="F", help="its family, where that is not recognised")
    parser.add_argument(
        "--context", metavar="N", type=positive, default=0, help="tokens that prompt and answer may take"
    )
    parser.add_argument("--role", metavar="R", choices=ROLES, action="append", default=[], help="; ".join(ROLES))
    parser.add_argument("--replace", action="store_true", help="in place of a model of that name")
    _show_example(parser, "models add mine --model mine.gguf --mmproj mine-mmproj.gguf")


def _configure_get(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a name of `models list --catalogue`; with --from, your own")
    parser.add_argument("--from", dest="repository", metavar="OWNER/REPO", help="another repository of the hub")
    parser.add_argument("--model", metavar="GLOB", help="which file is the model (default *Q4_K_M.gguf)")
    parser.add_argument(
        "--mmproj", metavar="GLOB", help="which file lets it see (default *mmproj*.gguf); none: no file"
    )
    parser.add_argument("--key-name", metavar="S", default="", help="the secret that holds the hub's key")
    parser.add_argument("--name", dest="own_name", metavar="N", help="what to call it here (default: NAME)")
    _show_example(parser, 'models get mine --from OWNER/REPO --model "*Q8_0.gguf"')


def _list(args: Namespace, console: Console) -> int:
    if args.catalogue:
        return _list_catalogue(console)
    registry = _registry()
    found = listed(registry)
    for error in found.errors:
        console.complain(error)
    rows = [described(entry, registry) for entry in found.entries]
    columns = ("name", "kind", "family", "roles", "calibrated", "at")
    cells = [[", ".join(row[key]) or "-" if key == "roles" else str(row[key]) for key in columns] for row in rows]
    none = "there are no models yet; `workbench-cli models list --catalogue` shows what can be fetched"
    console.data(rows, table([*columns[:-1], "where"], cells) if rows else none)
    return 1 if found.errors else 0


def _list_catalogue(console: Console) -> int:
    from agents.runtime.models.families import downloads

    rows = [
        {"name": name, "family": row.name, "title": row.title, "repository": entry.repository, "note": row.note}
        for name, (row, entry) in downloads().items()
    ]
    console.data(rows, table(["name", "family", "from"], [[r["name"], r["title"], r["repository"]] for r in rows]))
    return 0


def _add(args: Namespace, console: Console) -> int:
    if bool(args.server) == bool(args.model):
        raise BadInputError("give either --model with a GGUF file or --server with an address; `models add --help`")
    registry = _registry()
    registry.add(_server_entry(args, console) if args.server else _local_entry(args), replace=args.replace)
    entry = registry.get(args.name)
    _tell_added(entry, registry, console)
    return 0


def _local_entry(args: Namespace) -> "Entry":
    if args.remote_name or args.key_name or args.ca_file or args.allow_frames:
        raise BadInputError("--remote-name, --key-name, --ca-file and --allow-frames go with --server only")
    return files_entry(
        OwnFiles(args.name, args.model, args.mmproj, args.trust_pair, args.family or "", args.context, tuple(args.role))
    )


def _server_entry(args: Namespace, console: Console) -> "Entry":
    if args.mmproj or args.trust_pair:
        raise BadInputError("--mmproj and --trust-pair go with --model only: a server has its own files")
    server = Server(
        name=args.name,
        url=args.server,
        remote_name=args.remote_name,
        key_name=args.key_name,
        ca_file=args.ca_file,
        allow_frames=args.allow_frames,
        family=args.family or "",
        context=args.context,
        roles=tuple(args.role),
    )
    return server_entry(server, lambda site: _may_send(args.name, site, console))


def _may_send(name: str, site: str, console: Console) -> bool:
    """Whether a person allows that screens are sent to the site."""
    question = f"Pictures of your screen and texts would be sent to {site}. Allow that for “{name}”? [y/N]"
    if console.interactive and console.ask(question).lower() in ("y", "yes"):
        return True
    console.say(f"nothing will be sent to {site} until that is allowed: add it again with --allow-frames --replace")
    return False


def _tell_added(entry: "Entry", registry: "Registry", console: Console) -> None:
    from agents.runtime.models.families import UNKNOWN

    remark = remark_on(entry)
    if remark:
        console.say(remark)
    known = "" if entry.family == UNKNOWN else f", family {entry.family}"
    console.data(described(entry, registry), f"added the model {entry.name}{known}")


def _get(args: Namespace, console: Console) -> int:
    from agents.runtime.models.fetching import Client
    from agents.runtime.models.getting import get
    from workbench import secrets, settings

    what = wanted_of(_fetch(args))
    token = secrets.get(args.key_name) if args.key_name else ""
    hub = settings.load().model.hub
    registry = _registry()
    entry = get(what, hub, registry=registry, client=Client(token=token), report=_progress(console))
    _tell_added(entry, registry, console)
    return 0


def _fetch(args: Namespace) -> Fetch:
    return Fetch(args.name, args.own_name or "", args.repository or "", args.model or "", args.mmproj or "")


def _progress(console: Console) -> Callable[[str, int, int], None]:
    """Says every tenth part of a file that has arrived, once."""
    said: dict[str, int] = {}

    def report(name: str, done_bytes: int, all_bytes: int) -> None:
        tenths = done_bytes * 10 // all_bytes
        if tenths > said.get(name, -1):
            said[name] = tenths
            console.say(f"{name}: {tenths * 10} % of {all_bytes / 1e6:.1f} MB")

    return report


def _remove(args: Namespace, console: Console) -> int:
    deleted = [str(path) for path in _registry().remove(args.name)]
    files = f" and deleted {len(deleted)} files" if deleted else "; no file was deleted"
    console.data({"name": args.name, "deleted": deleted}, f"removed the model {args.name}{files}")
    return 0


def _check(args: Namespace, console: Console) -> int:
    from ui.cli.model_trials import check_model

    return check_model(args.name, console)


def _calibrate(args: Namespace, console: Console) -> int:
    from ui.cli.model_trials import calibrate_model

    return calibrate_model(args.name, console)


def _try(args: Namespace, console: Console) -> int:
    from ui.cli.model_trials import try_model
    from ui.orders.model_trials import Question

    return try_model(args.name, Question(args.question, tuple(args.image), args.max_tokens), console)


def _registry() -> "Registry":
    from agents.runtime.models.registry import Registry

    return Registry.usual()


_ACTIONS: dict[str, Callable[[Namespace, Console], int]] = {
    "list": _list,
    "add": _add,
    "get": _get,
    "remove": _remove,
    "check": _check,
    "calibrate": _calibrate,
    "try": _try,
}
