"""What a command line typed into a terminal could cost, read word by word and without running anything.

Reading commands are known by name; whatever is not known counts as irreversible, because nobody can say what it does.
"""

import re

from workbench.approval import RISKS, Assessment


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


READING = _set(
    "ls cd pwd echo printf cat head tail grep wc whoami id uname df du ps which type file stat uptime cal "
    "true false diff nl tac dir cls clear exit"
)
"""Commands that look and change nothing."""

REVERSIBLE = _set("mkdir touch")

LEAVING = _set(
    "curl wget scp rsync ssh ftp sftp nc ncat netcat telnet mail sendmail mutt nslookup dig ping gh twine pip pip3 "
    "pipx npm npx yarn pnpm cargo gem apt apt-get dnf yum pacman zypper snap flatpak brew winget choco "
    "invoke-webrequest iwr docker podman"
)
"""Commands that speak to other machines, or fetch programs from them."""

_LEAVING_GIT = _set("push fetch pull clone")
_READING_GIT = _set("status log diff show branch")
_BETWEEN = re.compile(r"\|\||&&|[;&|\n\r]|\$\(|`|<\(")
_ASSIGNED = re.compile(r"^[A-Za-z_]\w*=\S*$")
_PROMPT = re.compile(r"^.{0,120}?[$#%>❯]\s+")
_FETCHED = re.compile(r"\b(curl|wget)\b.*\|\s*(sudo\s+)?(ba|z|da)?sh\b")


def assess_command(text: str) -> Assessment:
    """The risk of the dearest command in the text."""
    if _FETCHED.search(text):
        return Assessment("irreversible", "it runs a program that it fetches from another machine")
    quiet = re.sub(r"\d?>&\d|&>\s*/dev/null|\d?>\s*/dev/null", "", text)
    found = [_of(part) for part in _BETWEEN.split(quiet) if part.strip()]
    if ">" in quiet:
        found.append(Assessment("irreversible", "the command writes into a file"))
    return max(found, key=lambda one: RISKS.index(one.risk), default=Assessment("reversible", "an empty command line"))


def after_prompt(line: str) -> str:
    """What stands behind the prompt of a terminal's last line; the whole line where no prompt can be told."""
    return _PROMPT.sub("", line, count=1)


def _of(part: str) -> Assessment:
    words = [word for word in part.split() if not _ASSIGNED.match(word)]
    name = words[0].strip("'\"({").rpartition("/")[2].lower() if words else ""
    if name in READING or not name:
        return Assessment("reversible", f"the command {name} only looks" if name else "")
    if name in REVERSIBLE:
        return Assessment("reversible", f"the command {name} can be undone")
    if name == "git" and len(words) > 1:
        return _of_git(words)
    if name in LEAVING:
        return Assessment("leaves-machine", f"the command {name[:20]} speaks to other machines")
    return Assessment("irreversible", f"what the command “{name[:20]}” changes may not be undone")


def _of_git(words: list[str]) -> Assessment:
    forced = {"--force", "-f", "--force-with-lease", "--hard", "-D", "--delete"} & set(words)
    if words[1] in _READING_GIT and not forced:
        return Assessment("reversible", f"git {words[1]} only looks")
    if words[1] in _LEAVING_GIT and not forced:
        return Assessment("leaves-machine", f"git {words[1]} speaks to other machines")
    return Assessment("irreversible", f"what git {words[1][:20]} changes may not be undone")
