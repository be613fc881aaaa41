"""Settings: one typed table from which the command line, the window's dialog and docs/settings.md are made.

A setting is named `section.name` (`replay.timeout_s`). The sections (`workbench.settings_sections`) are the table. What
a person changed is kept as TOML in the platform's configuration folder, or in the file that `WORKBENCH_SETTINGS` names;
everything else keeps its default.
"""

import dataclasses
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast, get_type_hints

from workbench.approval import Policy, parse_row
from workbench.errors import BadInputError
from workbench.settings_file import SettingsFile, write
from workbench.settings_sections import (
    ApprovalSettings,
    DesktopSettings,
    Face,
    LearningSettings,
    LibrarySettings,
    ModelSettings,
    RecordSettings,
    ReplaySettings,
    RunSettings,
    WindowSettings,
)
from workbench.settings_values import ALLOWED, CHECKS, Kind, Value

ENVIRONMENT = "WORKBENCH_SETTINGS"
MODELS_ENVIRONMENT = "WORKBENCH_MODELS"
APPLICATION = "gui-agent-workbench"

_S = TypeVar("_S")


@dataclass(frozen=True)
class Settings:
    """All settings with their values; `settings.replay.timeout_s` and so on."""

    library: LibrarySettings = field(default_factory=LibrarySettings)
    record: RecordSettings = field(default_factory=RecordSettings)
    replay: ReplaySettings = field(default_factory=ReplaySettings)
    run: RunSettings = field(default_factory=RunSettings)
    approval: ApprovalSettings = field(default_factory=ApprovalSettings)
    model: ModelSettings = field(default_factory=ModelSettings)
    learning: LearningSettings = field(default_factory=LearningSettings)
    desktop: DesktopSettings = field(default_factory=DesktopSettings)
    window: WindowSettings = field(default_factory=WindowSettings)

    def get(self, key: str) -> Value:
        """The value of the setting of that name; raises `BadInputError` for a name that is none."""
        section, name = find(key).key.split(".")
        value: Value = getattr(getattr(self, section), name)
        return value


@dataclass(frozen=True)
class Setting:
    """One line of the table: what a setting is called, what it may be and what it does.

    `choices` are the words of a choice, `limits` the smallest and largest number, `face` where it is shown.
    """

    key: str
    kind: Kind
    default: Value
    help: str
    choices: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None
    face: Face = "both"

    @property
    def allowed(self) -> str:
        """What may be given, in words."""
        if self.limits:
            number = "auto, or a whole number" if self.kind == "automatic" else "a number"
            return f"{number} from {self.limits[0]:.15g} to {self.limits[1]:.15g}"
        return ", ".join(self.choices) if self.choices else ALLOWED[self.kind]


def _section_table(section: str, kind_of_section: type[Any]) -> list[Setting]:
    hints = get_type_hints(kind_of_section)
    return [
        Setting(
            f"{section}.{item.name}",
            item.metadata["kind"],
            cast(Value, item.default),
            item.metadata["help"],
            getattr(hints[item.name], "__args__", ()) if item.metadata["kind"] == "choice" else (),
            item.metadata["limits"],
            item.metadata["face"],
        )
        for item in dataclasses.fields(kind_of_section)
    ]


SECTIONS: dict[str, type[Any]] = get_type_hints(Settings)
"""The classes of the sections by name; their docstrings say what the settings in them are about."""

TABLE: tuple[Setting, ...] = tuple(s for name, kind in SECTIONS.items() for s in _section_table(name, kind))
"""Every setting, in the order in which they are shown."""


def find(key: str) -> Setting:
    """The setting of that name; raises `BadInputError` for a name that is none."""
    for setting in TABLE:
        if setting.key == key:
            return setting
    raise BadInputError(f"there is no setting “{_short(key)}”; `settings list` shows them all")


def path() -> Path:
    """The file that holds what a person changed; it need not exist."""
    chosen = os.environ.get(ENVIRONMENT)
    if chosen:
        return Path(chosen)
    import platformdirs

    return platformdirs.user_config_path(APPLICATION) / "settings.toml"


def policy(settings: Settings) -> Policy:
    """The approval table as it was set; a step is never sure and doubtful at once."""
    chosen = settings.approval
    return Policy(
        parse_row(chosen.harmless),
        parse_row(chosen.reversible),
        parse_row(chosen.leaves_machine),
        parse_row(chosen.irreversible),
        sure_from=max(chosen.sure_from, chosen.doubt_below),
        doubt_below=chosen.doubt_below,
        misplaced=chosen.misplaced,
    )


def library_folder(settings: Settings) -> Path:
    """The folder of the library when neither an option nor the environment names one."""
    if settings.library.folder:
        return _at_home(settings.library.folder)
    import platformdirs

    return platformdirs.user_data_path(APPLICATION)


def models_folder(settings: Settings) -> Path:
    """The folder of the models: what `WORKBENCH_MODELS` names, else the setting, else a place in the user's data."""
    chosen = os.environ.get(MODELS_ENVIRONMENT) or settings.model.folder
    if chosen:
        return _at_home(chosen)
    import platformdirs

    return platformdirs.user_data_path(APPLICATION) / "models"


def _at_home(folder: str) -> Path:
    """The folder with `~` as a home folder; raises `BadInputError` where there is none of that user."""
    try:
        return Path(folder).expanduser()
    except RuntimeError as error:
        raise BadInputError(f"the folder {folder} cannot be found ({error}); write it out in full") from error


def load(file: Path | None = None) -> Settings:
    """The settings of the file (default: `path()`); a missing file means all defaults.

    Raises `BadInputError` with the file, the key and the line for everything in it that is not a setting.
    """
    source = SettingsFile.read(file or path())
    values = _values_of(source)
    try:
        return with_values(Settings(), values)
    except BadInputError as error:
        raise BadInputError(f"{source.path}: {error}") from error


def overridden(settings: Settings, assignments: Iterable[str]) -> Settings:
    """The settings with `KEY=VALUE` texts laid over them, as `--set` takes them; raises `BadInputError`."""
    values: dict[str, Value] = {}
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals:
            raise BadInputError(f"“{_short(assignment)}” is not KEY=VALUE, such as replay.timeout_s=30")
        values[key.strip()] = parse(key.strip(), text)
    return with_values(settings, values)


def store(key: str, text: str, file: Path | None = None) -> Value:
    """Change one setting for good and return its value; the file is replaced as a whole or not at all.

    Raises `BadInputError` for a bad name or value, or where the file is broken, and `UnavailableError` when it
    cannot be written.
    """
    value = parse(key, text)
    target = file or path()
    kept = _values_of(SettingsFile.read(target)) | {key: value}
    with_values(Settings(), kept)
    write(target, {s.key: kept[s.key] for s in TABLE if s.key in kept})
    return value


def parse(key: str, text: str) -> Value:
    """The value that a text stands for; raises `BadInputError` that says what is allowed."""
    setting = find(key)
    given: object = text.strip()
    if setting.kind == "number":
        given = _as_number(text)
    elif setting.kind == "list":
        given = [part.strip() for part in text.split(",") if part.strip()]
    return checked(setting, given)


def checked(setting: Setting, given: object) -> Value:
    """The value, if the setting may have it, in its one spelling; raises `BadInputError` that says what is allowed."""
    value = CHECKS[setting.kind](setting, given)
    if value is None:
        raise BadInputError(f"{setting.key} cannot be {_short(shown(given))}; it must be {setting.allowed}")
    return value


def hotkey_keys(text: str) -> tuple[str, ...]:
    """The keys of a hotkey, modifiers first: `ctrl+alt+s` is `("ctrl", "alt", "s")`."""
    return tuple(text.split("+"))


def shown(value: object) -> str:
    """A value as a person types it."""
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def with_values(settings: Settings, values: Mapping[str, Value]) -> Settings:
    """The settings with these checked values; raises `BadInputError` when two hotkeys would be the same."""
    sections: dict[str, dict[str, Value]] = {}
    for key, value in values.items():
        section, name = key.split(".")
        sections.setdefault(section, {})[name] = value
    changed = {name: _changed(getattr(settings, name), given) for name, given in sections.items()}
    result = _changed(settings, changed)
    _refuse_shared_hotkeys(result)
    return result


def _changed(record: _S, values: Mapping[str, object]) -> _S:
    return dataclasses.replace(record, **values)  # type: ignore[type-var]  # every section is a dataclass


def _refuse_shared_hotkeys(settings: Settings) -> None:
    owners: dict[frozenset[str], str] = {}
    for setting in TABLE:
        if setting.kind != "hotkey":
            continue
        keys = str(settings.get(setting.key))
        other = owners.setdefault(frozenset(keys.casefold().split("+")), setting.key)
        if other != setting.key:
            raise BadInputError(f"{setting.key} and {other} cannot both be {keys}; give one of them other keys")


def _as_number(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def _short(text: str) -> str:
    clean = "".join(c if c.isprintable() else "�" for c in text)
    return clean if len(clean) <= 80 else clean[:79] + "…"


def _values_of(file: SettingsFile) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for key, given in file.entries():
        try:
            values[key] = checked(find(key), given)
        except BadInputError as error:
            raise BadInputError(f"{file.path}, line {file.line_of(key)}: {error}") from error
    return values
