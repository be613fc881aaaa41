"""`workbench-cli settings`: show and change settings."""

from argparse import ArgumentParser, Namespace

from ui.cli.console import Console
from workbench import settings
from workbench.settings import SECTIONS, TABLE, Setting, shown
from workbench.settings_values import Value

HELP = "show and change settings"
EXAMPLE = "workbench-cli settings set replay.timeout_s 30"

PAGE = """# Settings

*This page is written by `workbench-cli settings reference > docs/settings.md`; do not edit it.*

`workbench-cli settings list` shows what is set, `workbench-cli settings set KEY VALUE` changes it for good. Changes are
kept as TOML in the platform's configuration folder, or in the file that the environment variable `WORKBENCH_SETTINGS`
names; `workbench-cli settings file` says which. Options of a command win over settings."""


def configure(parser: ArgumentParser) -> None:
    """The five things that can be done with settings."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|get|set|file|reference")
    actions.add_parser("list", help="show every setting with its value and what it may be")
    get = actions.add_parser("get", help="print one value")
    get.add_argument("key", metavar="KEY", help="the setting's name, such as replay.timeout_s")
    change = actions.add_parser("set", help="change a value for good")
    change.add_argument("key", metavar="KEY", help="the setting's name, such as replay.timeout_s")
    change.add_argument("value", metavar="VALUE", help="the new value; lists have commas between their parts")
    actions.add_parser("file", help="print the path of the file that holds what was changed")
    actions.add_parser("reference", help="print the page about all settings, as Markdown")


def run(args: Namespace, console: Console) -> int:
    """Do what was asked; raises `BadInputError` for unknown names, impossible values and a broken file."""
    match args.action:
        case "list":
            _list(console)
        case "get":
            value = settings.load().get(args.key)
            console.data({"key": args.key, "value": value}, shown(value))
        case "set":
            value = settings.store(args.key, args.value)
            console.data({"key": args.key, "value": value}, f"{args.key} is now {shown(value) or 'empty'}")
        case "file":
            console.data({"file": str(settings.path())}, str(settings.path()))
        case _:
            page = reference_page()
            console.data({"markdown": page}, page.rstrip("\n"))
    return 0


def reference_page() -> str:
    """docs/settings.md: every setting with what it may be, from the table."""
    return "\n\n".join([PAGE, *map(_section, SECTIONS)]) + "\n"


def _list(console: Console) -> None:
    current = settings.load()
    width = max(len(setting.key) for setting in TABLE)
    lines = [_line(setting, current.get(setting.key), width) for setting in TABLE]
    console.data([_entry(setting, current.get(setting.key)) for setting in TABLE], "\n".join(lines))


def _line(setting: Setting, value: Value, width: int) -> str:
    changed = "" if value == setting.default else f" (default {shown(setting.default) or 'empty'})"
    return f"{setting.key:{width}}  {shown(value) or '–'}{changed}\n{'':{width}}  {setting.help}"


def _entry(setting: Setting, value: Value) -> dict[str, object]:
    return {
        "key": setting.key,
        "value": value,
        "default": setting.default,
        "allowed": setting.allowed,
        "help": setting.help,
    }


def _section(name: str) -> str:
    rows = [_row(setting) for setting in TABLE if setting.key.startswith(f"{name}.")]
    head = "| setting | default | allowed | what it does |\n|---|---|---|---|"
    return "\n".join([f"## {name}\n\n{SECTIONS[name].__doc__}\n", head, *rows])


def _row(setting: Setting) -> str:
    default = f"`{shown(setting.default)}`" if setting.default not in ("", ()) else "–"
    where = "" if setting.face == "both" else f" Only in the {setting.face}."
    return f"| `{setting.key}` | {default} | {setting.allowed} | {setting.help}{where} |"
