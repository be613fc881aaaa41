"""The frame of the command line: arguments, errors, streams and signals."""

import signal
import subprocess
import sys

import pytest

from ui.cli.console import LONGEST_LINE, one_line
from ui.cli.main import COMMANDS, command_parser, load
from ui.cli.parsing import split_shared
from workbench.errors import BadInputError, UnavailableError, WorkbenchError


@pytest.fixture
def failing(monkeypatch):
    """Make `list` end with the given error."""

    def arrange(error: BaseException):
        def run(_args, _console):
            raise error

        monkeypatch.setattr("ui.cli.commands.list.run", run)

    return arrange


def test_help_lists_every_command_with_its_line_on_standard_output(cli):
    answer = cli("--help")
    assert (answer.code, answer.err) == (0, "")
    for name, (_, line) in COMMANDS.items():
        assert f"  {name} " in answer.out
        assert line in answer.out


def test_help_shows_an_example_of_recording_and_replaying(cli):
    assert "example:\n  workbench-cli record" in cli("--help").out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_that_parses(name, cli):
    answer = cli(name, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert f"example:\n  workbench-cli {name}" in answer.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_of_itself_what_the_list_says_of_it(name):
    assert COMMANDS[name][1] == load(name).HELP


def test_no_command_is_listed_that_has_no_module(root):
    modules = {path.stem for path in (root / "ui/cli/commands").glob("*.py")} - {"__init__"}
    assert {module for module, _ in COMMANDS.values()} <= modules


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "verify"),
        ("verify", "--json"),
        ("--library={library}", "--json", "verify"),
        ("verify", "--library", "{library}", "--json"),
        ("--debug", "verify", "--json"),
        ("verify", "--debug", "--json"),
    ],
)
def test_the_shared_options_stand_before_or_after_the_command(arguments, cli, tmp_path):
    folder = tmp_path / "elsewhere"
    answer = cli(*(word.format(library=folder) for word in arguments))
    assert (answer.code, answer.json) == (0, {"ok": True, "problems": []})
    assert folder.is_dir() == any("library" in word for word in arguments)


def test_a_library_is_chosen_relative_to_where_the_person_is(cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli("list", "--library", "here").code == 0
    assert (tmp_path / "here" / "library.db").is_file()
    shared, _ = split_shared(["--library", "here"])
    assert shared.library == tmp_path / "here"


def test_shared_options_reach_the_inside_of_nested_commands(cli):
    assert cli("settings", "list", "--json").json
    assert cli("settings", "--json", "list").json


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "no command given"),
        (("--json",), "no command given"),
        (("lst",), "did you mean `list`"),
        (("walk", "something"), "is no command"),
        (("--frobnicate",), "--frobnicate"),
        (("list", "--frobnicate"), "--frobnicate"),
        (("list", "extra"), "extra"),
        (("verify", "--js"), "--js"),
        (("--library",), "--library needs a folder"),
        (("list", "--library", "--json"), "--library needs a folder"),
        (("show",), "required"),
        (("show", "x", "--step", "two"), "two"),
        (("search", "x", "--limit", "0"), "0"),
        (("--json=yes", "list"), "--json"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2_without_a_usage_page(arguments, says, cli):
    answer = cli(*arguments)
    assert (answer.code, answer.out, len(answer.lines)) == (2, "", 1)
    assert says in answer.err
    assert "usage:" not in answer.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WorkbenchError("a step failed"), 1),
        (BadInputError("no such thing"), 2),
        (KeyboardInterrupt(), 3),
        (UnavailableError("no display"), 4),
        (PermissionError(13, "Permission denied", "/somewhere"), 4),
        (ModuleNotFoundError("No module named 'llama_cpp'", name="llama_cpp"), 4),
        (UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed"), 2),
        (RuntimeError("first line\nsecond line"), 1),
    ],
)
def test_every_error_is_one_line_with_its_exit_code(error, code, failing, cli):
    failing(error)
    answer = cli("list")
    assert (answer.code, answer.out, len(answer.lines)) == (code, "", 1)
    assert answer.err.startswith("workbench-cli: ")


def test_debug_adds_the_traceback_before_the_line(failing, cli):
    failing(BadInputError("no such thing"))
    answer = cli("list", "--debug")
    assert answer.lines[0].startswith("Traceback")
    assert answer.lines[-1] == "workbench-cli: no such thing"


@pytest.mark.filterwarnings("ignore")
def test_warnings_and_log_messages_stay_off_standard_error_without_debug(monkeypatch, cli):
    import logging
    import warnings

    def run(_args, _console):
        warnings.warn("something is old", stacklevel=1)
        logging.getLogger("workbench.test").warning("something is odd")
        return 0

    monkeypatch.setattr("ui.cli.commands.list.run", run)
    assert cli("list").err == ""
    assert "something is odd" in cli("list", "--debug").err


def test_an_error_quotes_long_or_wild_text_on_one_short_line():
    line = one_line("bad\r\n\x1b[31m" + "x" * 5000 + " end")
    assert line.startswith("bad [31mx")
    assert line.endswith(" end")
    assert len(line) <= LONGEST_LINE + 3
    assert line.isprintable()


def test_the_version_is_that_of_the_package(cli):
    from importlib.metadata import version

    assert cli("--version").out == version("gui-agent-workbench") + "\n"


def test_output_is_utf8_whatever_the_locale(process):
    environment = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    assert "…" in process("--help", env=environment).out


def test_a_reader_that_goes_away_is_no_error(root):
    child = subprocess.Popen(
        [sys.executable, "-m", "ui.cli.main", "--help"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    child.stdout.close()
    assert child.stderr.read() == b""
    assert child.wait(30) == 0
    child.stderr.close()


def test_a_full_disk_behind_standard_output_is_exit_4_and_one_line(root):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "ui.cli.main", "--help"], cwd=root, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, len(done.stderr.splitlines())) == (4, 1)


def test_closed_streams_do_not_break_a_command(root):
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "{sys.executable}" -m ui.cli.main --help >&- 2>&-'], cwd=root, check=False
    )
    assert done.returncode == 0


WAITING = """
import sys, time
import ui.cli.commands.list as command
from ui.cli.main import main

def run(args, console):
    try:
        console.say("waiting")
        time.sleep(60)
    finally:
        console.say("cleaned up")

command.run = run
sys.exit(main(["list"]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupting_a_command_cleans_up_and_exits_3(number, root):
    child = subprocess.Popen([sys.executable, "-c", WAITING], cwd=root, stderr=subprocess.PIPE, text=True)
    assert child.stderr.readline() == "waiting\n"
    child.send_signal(number)
    assert child.stderr.read().splitlines() == ["cleaned up", "workbench-cli: stopped before it was done"]
    child.stderr.close()
    assert child.wait(30) == 3


def test_signal_handlers_are_put_back(cli):
    before = signal.getsignal(signal.SIGTERM)
    cli("--help")
    assert signal.getsignal(signal.SIGTERM) is before


def test_every_parser_refuses_abbreviations_down_to_the_nested_ones(cli):
    for name in COMMANDS:
        assert command_parser(name).allow_abbrev is False
    assert cli("settings", "list", "--jso").code == 2
