"""What `doctor` says about models and the graphics card: what the installed llama.cpp uses, and which build suits here.

llama-cpp-python publishes builds for each kind of card on an index of its own; on PyPI there is only its source.
"""

import ctypes.util
import platform
import re
import signal
import subprocess
from importlib import metadata
from pathlib import Path

import msgspec
from msgspec import Struct

from agents.runtime.llama.devices import PACKAGE, Build, Device, used_cards
from workbench.checkup.findings import Finding, Scope
from workbench.own_processes import is_frozen, own_process

NAME = "graphics card"
INDEX = "https://abetlen.github.io/llama-cpp-python/whl"
"""llama-cpp-python's own index of builds; below it stands one for each kind of card."""

CUDA_INDEXES = ((11, 8), (12, 1), (12, 2), (12, 3), (12, 4), (12, 5), (13, 0), (13, 2))
FROM_SOURCE = (
    "set the program up from its source (docs/how-to-use-the-gpu.md): what was installed here has llama.cpp for "
    "processors with AVX2, and for those alone"
)
"""What is said where nothing can be installed into the program: in the folder that PyInstaller built."""

_CUDA_13_NEEDS = (7, 5)
_OURS = "gui-agent-workbench"
_LOADING_S = 6.0
_ASKING_S = 2.0
_VENDORS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel"}


class Machine(Struct, frozen=True):
    """What matters here about a machine.

    `system` and `processor` are those of `platform`; `cards` are names or makers of its graphics cards. `cuda` is the
    newest CUDA that NVIDIA's driver works with, `compute` the least capability of its cards; (0, 0) without any.
    """

    system: str
    processor: str
    cards: tuple[str, ...] = ()
    cuda: tuple[int, int] = (0, 0)
    compute: tuple[int, int] = (0, 0)
    vulkan: bool = False


def check(_scope: Scope) -> Finding:
    """The check for `doctor`: starts a short-lived process that loads llama.cpp, and changes nothing."""
    if not _installed():
        return finding(None, look(), "")
    build, trouble = _loaded()
    return finding(build, look(), trouble)


def finding(build: Build | None, machine: Machine, trouble: str) -> Finding:
    """What is said about this build on this machine.

    Without a build, `trouble` says why llama.cpp did not load; when that is empty too, it is not installed.
    """
    cards = ", ".join(machine.cards)
    if build is None:
        found = trouble or f"{PACKAGE} is not installed" + (f"; this machine has {cards}" if cards else "")
        return Finding(NAME, not trouble, found, command(machine if not trouble else _without_card(machine)))
    used = used_cards(build.devices)
    if used:
        return Finding(NAME, True, f"{PACKAGE} {build.version} uses {', '.join(map(_told, used))}")
    if build.offloads:
        mend = "see that the card's driver works (`nvidia-smi` or `vulkaninfo --summary` lists it), then try again"
        return Finding(NAME, True, f"{PACKAGE} {build.version} is built for one, but sees none: it uses the CPU", mend)
    if suits(machine) == "cpu":
        return Finding(NAME, True, f"none; {PACKAGE} {build.version} uses the CPU")
    return Finding(NAME, True, f"{cards}, but {PACKAGE} {build.version} uses the CPU alone", command(machine))


def suits(machine: Machine) -> str:
    """Which of the published builds suits the machine: cpu, metal, vulkan or one of CUDA's, such as cu124."""
    if machine.system == "Darwin":
        return "metal" if machine.processor == "arm64" else "cpu"
    fitting = [version for version in CUDA_INDEXES if version <= machine.cuda and _is_for(machine, version)]
    if fitting:
        return "cu{}{}".format(*fitting[-1])
    return "vulkan" if machine.cards and machine.vulkan else "cpu"


def command(machine: Machine) -> str:
    """The line that installs the build for this machine in the version that this program is tested with."""
    if is_frozen():
        return FROM_SOURCE
    kind, wanted = suits(machine), f"{PACKAGE}=={pinned()}"
    again = f"pip install --force-reinstall --no-deps {{}} '{wanted}'"
    if machine.system == "Linux" and machine.processor != "x86_64":
        flags = {"cpu": "", "vulkan": "CMAKE_ARGS=-DGGML_VULKAN=on "}.get(kind, "CMAKE_ARGS=-DGGML_CUDA=on ")
        return flags + again.format(f"--no-binary {PACKAGE}")
    return again.format(f"--only-binary {PACKAGE} --index-url {INDEX}/{kind}")


def pinned() -> str:
    """The version of llama-cpp-python that this program asks for; the installed one where it does not say."""
    try:
        wanted = "\n".join(metadata.requires(_OURS) or ())
    except metadata.PackageNotFoundError:
        wanted = ""
    found = re.search(rf"^{PACKAGE}==([\w.]+)", wanted, re.MULTILINE)
    return found[1] if found else metadata.version(PACKAGE)


def look() -> Machine:
    """This machine, as the system and NVIDIA's own program tell; asks nothing that could hang for long."""
    nvidia = _output(["nvidia-smi", "--query-gpu=name,compute_cap", "--format=csv,noheader"])
    cards, compute = nvidia_cards(nvidia)
    system, processor = platform.system(), platform.machine()
    if system == "Darwin" and processor == "arm64":
        cards = ("Apple's own",)
    return Machine(
        system,
        processor,
        cards or _makers(Path("/sys/class/drm")),
        cuda_of(_output(["nvidia-smi"])) if cards else (0, 0),
        compute,
        ctypes.util.find_library("vulkan" if system != "Windows" else "vulkan-1") is not None,
    )


def nvidia_cards(table: str) -> tuple[tuple[str, ...], tuple[int, int]]:
    """Names and the least compute capability, from lines such as `NVIDIA H200, 9.0`."""
    found = re.findall(r"^\s*(\S[^,\n]*?)\s*,\s*(\d+)\.(\d+)\s*$", table, re.MULTILINE)
    capabilities = [(int(major), int(minor)) for _, major, minor in found]
    return tuple(name for name, _, _ in found), min(capabilities, default=(0, 0))


def cuda_of(banner: str) -> tuple[int, int]:
    """The newest CUDA that the driver works with, from what `nvidia-smi` prints; (0, 0) where it says none."""
    found = re.search(r"CUDA\s+(?:UMD\s+)?Version:\s*(\d+)\.(\d+)", banner)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _is_for(machine: Machine, cuda: tuple[int, int]) -> bool:
    return cuda[0] < 13 or machine.compute >= _CUDA_13_NEEDS


def _without_card(machine: Machine) -> Machine:
    return Machine(machine.system, machine.processor)


def _told(device: Device) -> str:
    room = f", {device.free_bytes / 1e9:.1f} of {device.total_bytes / 1e9:.1f} GB free"
    if not device.free_bytes:
        room = ", but how much of its memory is free is not known: set model.gpu_layers to use it"
    return f"{device.description} through {device.backend}{room}"


def _makers(folder: Path) -> tuple[str, ...]:
    """Makers of the cards that Linux knows."""
    files = sorted(folder.glob("card[0-9]*/device/vendor"))
    found = [_VENDORS.get(file.read_text(encoding="ascii").strip()) for file in files]
    return tuple(dict.fromkeys(f"a card of {maker}" for maker in found if maker))


def _installed() -> bool:
    try:
        metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return False
    return True


def _loaded() -> tuple[Build | None, str]:
    """What a process of its own says about llama.cpp, or why it does not load."""
    words = own_process("agents.runtime.llama.devices")
    try:
        done = subprocess.run(words, capture_output=True, timeout=_LOADING_S, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None, f"llama.cpp did not load within {_LOADING_S:g} s"
    if done.returncode != 0:
        return None, _ended(done.returncode, done.stderr.decode(errors="replace"))
    try:
        return msgspec.json.decode(done.stdout, type=Build), ""
    except msgspec.MsgspecError:
        return None, "llama.cpp loads, but says something else than what it is"


def _ended(code: int, said: str) -> str:
    """Why llama.cpp does not load, from how its process ended."""
    if code == -signal.SIGILL:
        return "llama.cpp ends at once: it was built for another processor"
    if code < 0:
        return f"llama.cpp ends at once ({signal.Signals(-code).name})"
    last = said.strip().splitlines()[-1:] or ["it says nothing"]
    return f"llama.cpp does not load: {last[0][:160]}"


def _output(words: list[str]) -> str:
    """What a program prints; nothing where it is missing, fails or takes too long."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_ASKING_S, check=False, errors="replace")
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
