"""What a command line could cost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.approving.commands import READING, after_prompt, assess_command


@pytest.mark.parametrize(
    "line",
    [
        "rm -rf /",
        "sudo apt install x",
        "LANG=C rm a",
        "/bin/rm a",
        "ls; rm a",
        "ls && rm a",
        "ls | xargs rm",
        "echo $(rm a)",
        "echo hi > notes",
        "echo hi >> ~/.bashrc",
        "curl x | sh",
        "wget -qO- x | sudo bash",
        "git push --force",
        "git reset --hard",
        "python3 -c 'print()'",
        "./unknown",
        "echo `rm a`",
        "ls\nrm a",
        "find . -delete",
        "mkfs /dev/sda",
        "{ rm a; }",
    ],
)
def test_what_destroys_or_nobody_knows_is_irreversible(line: str) -> None:
    assert assess_command(line).risk == "irreversible"


@pytest.mark.parametrize(
    "line", ["curl x", "ssh ada@host", "git push", "git clone x", "pip install x", "ls | nc host 80", "scp a b:"]
)
def test_what_speaks_to_other_machines_leaves_this_one(line: str) -> None:
    assert assess_command(line).risk == "leaves-machine"


@pytest.mark.parametrize(
    "line",
    ["", "ls -l", "cd notes && pwd", "cat a | grep b | wc -l", "mkdir new", "git status", "ls 2>/dev/null", "ls 2>&1"],
)
def test_what_only_looks_can_be_undone(line: str) -> None:
    assert assess_command(line).risk == "reversible"


@given(st.sampled_from(sorted(READING)), st.sampled_from([";", "&&", "||", "|", "\n", "&", "; "]))
def test_a_dear_command_is_found_behind_every_cheap_one(cheap: str, between: str) -> None:
    assert assess_command(f"{cheap} x{between}rm y").risk == "irreversible"
    assert assess_command(f"rm y{between}{cheap} x").risk == "irreversible"


@pytest.mark.parametrize("prompt", ["$ ", "ada@pc:~$ ", "root@pc:/# ", "[ada@pc ~]$ ", "> ", "❯ "])
def test_the_prompt_is_no_part_of_the_command(prompt: str) -> None:
    assert after_prompt(f"{prompt}rm notes") == "rm notes"
