"""How much of a model goes to the graphics card, what llama.cpp sees, and what `doctor` says about it."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.runtime.llama import devices
from agents.runtime.llama.devices import Build, Device, used_cards
from agents.runtime.llama.offload import RESERVE_BYTES, Footprint, footprint_of, layers_that_fit, placement
from agents.runtime.models import gpu_build
from agents.runtime.models.gpu_build import Machine, command, cuda_of, finding, nvidia_cards, suits
from workbench.checkup.findings import Scope

GIB = 1024**3
SEVEN_B = Footprint(5 * GIB, 28, 8192, 57344, GIB)
CARD = Device("CUDA0", "NVIDIA H200", "CUDA", "GPU", 16 * GIB, 24 * GIB)
PROCESSOR = Device("CPU", "a processor", "CPU", "CPU", 32 * GIB, 32 * GIB)

footprints = st.builds(
    Footprint,
    st.integers(0, 200 * GIB),
    st.integers(0, 200),
    st.integers(0, 1 << 20),
    st.integers(0, 1 << 20),
    st.integers(0, 4 * GIB),
)
sizes = st.integers(0, 256 * GIB)


@given(footprints, sizes, st.integers(0, 4 * GIB))
def test_what_is_moved_fits_and_one_layer_more_would_not(footprint: Footprint, free: int, reserve: int) -> None:
    layers = layers_that_fit(footprint, free, reserve_bytes=reserve)
    assert 0 <= layers <= footprint.layers + 1
    taken = footprint.mmproj_bytes + reserve
    if layers:
        assert taken + layers * footprint.per_layer_bytes <= free
    if layers <= footprint.layers and footprint.per_layer_bytes:
        assert taken + (layers + 1) * footprint.per_layer_bytes > free


@given(footprints, sizes, sizes)
def test_more_memory_never_moves_less(footprint: Footprint, one: int, other: int) -> None:
    assert layers_that_fit(footprint, min(one, other)) <= layers_that_fit(footprint, max(one, other))


@given(footprints, sizes, st.integers(0, 1 << 20))
def test_a_longer_context_never_moves_more(footprint: Footprint, free: int, more: int) -> None:
    longer = replace(footprint, context=footprint.context + more)
    assert layers_that_fit(longer, free) <= layers_that_fit(footprint, free)


def test_a_card_with_room_takes_everything() -> None:
    assert placement(SEVEN_B, [CARD, PROCESSOR]).gpu_layers == 29
    assert placement(SEVEN_B, [CARD]).mmproj_on_gpu


def test_a_small_card_takes_a_part() -> None:
    found = placement(SEVEN_B, [msgspec.structs.replace(CARD, free_bytes=4 * GIB)])
    assert 0 < found.gpu_layers < 29
    assert found.mmproj_on_gpu


def test_a_card_too_small_for_the_vision_part_may_still_take_layers() -> None:
    footprint = replace(SEVEN_B, mmproj_bytes=3 * GIB)
    found = placement(footprint, [msgspec.structs.replace(CARD, free_bytes=2 * GIB)])
    assert found.gpu_layers > 0
    assert not found.mmproj_on_gpu


def test_two_cards_take_more_than_one() -> None:
    half = msgspec.structs.replace(CARD, free_bytes=3 * GIB)
    assert placement(SEVEN_B, [half]).gpu_layers < placement(SEVEN_B, [half, half]).gpu_layers <= 29


def test_an_integrated_card_counts_only_where_there_is_no_other() -> None:
    small = msgspec.structs.replace(CARD, free_bytes=3 * GIB)
    integrated = Device("Vulkan1", "a processor's graphics", "Vulkan", "integrated GPU", 30 * GIB, 30 * GIB)
    assert placement(SEVEN_B, [integrated, small, PROCESSOR]) == placement(SEVEN_B, [small])
    assert used_cards([integrated, small, PROCESSOR]) == (small,)
    assert placement(SEVEN_B, [integrated, PROCESSOR]).gpu_layers == 29
    assert used_cards([integrated, PROCESSOR]) == (integrated,)


def test_a_card_that_tells_no_free_memory_is_a_problem_unless_a_person_says_how_much_it_takes() -> None:
    silent = msgspec.structs.replace(CARD, description="Old Card", free_bytes=0)
    found = placement(SEVEN_B, [silent, PROCESSOR])
    assert found.gpu_layers == 0
    assert "Old Card" in found.problem
    assert "model.gpu_layers" in found.problem
    assert not placement(SEVEN_B, [silent], wanted_layers=5).problem
    assert not placement(SEVEN_B, [CARD]).problem
    assert placement(SEVEN_B, [CARD, silent]).problem


def test_without_a_card_everything_stays_on_the_processor() -> None:
    for wanted in (-1, 0, 10):
        assert placement(SEVEN_B, [PROCESSOR], wanted_layers=wanted).gpu_layers == 0
        assert not placement(SEVEN_B, [], wanted_layers=wanted).mmproj_on_gpu


@pytest.mark.parametrize(("wanted", "layers", "sees"), [(0, 0, False), (5, 5, True), (999, 29, True)])
def test_a_person_may_say_how_many_layers(wanted: int, layers: int, sees: bool) -> None:
    empty = msgspec.structs.replace(CARD, free_bytes=0)
    found = placement(SEVEN_B, [empty], wanted_layers=wanted)
    assert (found.gpu_layers, found.mmproj_on_gpu) == (layers, sees)


def test_the_footprint_is_read_from_the_keys_of_the_file() -> None:
    keys = {
        "general.architecture": "qwen2",
        "qwen2.block_count": "28",
        "qwen2.embedding_length": 3584,
        "qwen2.attention.head_count": 28,
        "qwen2.attention.head_count_kv": 4,
        "qwen2.context_length": 32768,
    }
    found = footprint_of(keys, 5 * GIB, mmproj_bytes=GIB, context=8192)
    assert found == SEVEN_B
    assert footprint_of(keys, 1).context == 32768
    assert footprint_of(keys | {"qwen2.attention.head_count_kv": [0, 4, 0, 4]}, 1).kv_bytes_per_token == 57344


def test_a_file_without_keys_is_all_weights() -> None:
    assert footprint_of({}, 100) == Footprint(100, 0, 0, 0, 0)
    assert layers_that_fit(footprint_of({}, 100), GIB) == 1
    assert RESERVE_BYTES < GIB


def test_llama_cpp_tells_what_it_sees_in_a_process_of_its_own(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "agents.runtime.llama.devices"], cwd=root, capture_output=True, check=True, timeout=60
    )
    build = msgspec.json.decode(done.stdout, type=Build)
    (processor,) = [device for device in build.devices if device.kind == "CPU"]
    assert processor.backend == "CPU"
    assert processor.total_bytes > 0
    assert build.offloads == any(device.is_gpu for device in build.devices)


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux tells of a process")
def test_what_is_told_is_of_the_llama_cpp_that_computes_and_not_of_a_second_copy(root: Path) -> None:
    code = "from agents.runtime.llama.devices import build; build(); print(open('/proc/self/maps').read())"
    told = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True).stdout
    files = {Path(line.split()[-1]) for line in told.splitlines() if "/libggml" in line}
    names = [file.name.partition(".so")[0] for file in files]
    assert {"libggml", "libggml-base"} <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("inside", "times"), [(0, 1), (1, 0)])
def test_a_build_with_a_library_for_each_processor_is_asked_once_for_the_one_that_fits(
    inside: int, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[bytes] = []

    def count() -> int:
        return inside + len(loaded)

    def load(folder: bytes) -> None:
        loaded.append(folder)

    registry = SimpleNamespace(ggml_backend_reg_count=count, ggml_backend_load_all_from_path=load)
    monkeypatch.setattr(devices, "_libraries", lambda: (registry, registry))
    devices.load_backends()
    devices.load_backends()
    assert [Path(os.fsdecode(folder)).name for folder in loaded] == ["lib"] * times


LINUX = Machine("Linux", "x86_64")
NVIDIA = Machine("Linux", "x86_64", ("NVIDIA H200",), (12, 8), (9, 0), vulkan=True)


@pytest.mark.parametrize(
    ("machine", "build"),
    [
        (LINUX, "cpu"),
        (NVIDIA, "cu125"),
        (msgspec.structs.replace(NVIDIA, cuda=(12, 4)), "cu124"),
        (msgspec.structs.replace(NVIDIA, cuda=(13, 1)), "cu130"),
        (msgspec.structs.replace(NVIDIA, cuda=(13, 2), compute=(6, 1)), "cu125"),
        (msgspec.structs.replace(NVIDIA, cuda=(11, 4)), "vulkan"),
        (msgspec.structs.replace(NVIDIA, cuda=(11, 4), vulkan=False), "cpu"),
        (Machine("Linux", "x86_64", ("a card of AMD",), vulkan=True), "vulkan"),
        (Machine("Windows", "AMD64", ("NVIDIA RTX",), (12, 9), (8, 9)), "cu125"),
        (Machine("Darwin", "arm64", ("Apple's own",)), "metal"),
        (Machine("Darwin", "x86_64"), "cpu"),
    ],
)
def test_the_build_suits_the_machine(machine: Machine, build: str) -> None:
    assert suits(machine) == build
    assert command(machine) == (
        "pip install --force-reinstall --no-deps --only-binary llama-cpp-python "
        f"--index-url https://abetlen.github.io/llama-cpp-python/whl/{build} 'llama-cpp-python=={gpu_build.pinned()}'"
    )


def test_nothing_is_installed_into_a_program_that_was_built_as_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "pip install" not in command(NVIDIA)
    assert "docs/how-to-use-the-gpu.md" in command(NVIDIA)


@pytest.mark.parametrize(
    ("cuda", "flag"), [((12, 8), "CMAKE_ARGS=-DGGML_CUDA=on pip"), ((0, 0), "CMAKE_ARGS=-DGGML_VULKAN=on pip")]
)
def test_for_a_processor_without_published_builds_it_is_built_from_source(cuda: tuple[int, int], flag: str) -> None:
    line = command(Machine("Linux", "aarch64", ("a card",), cuda, (9, 0), vulkan=True))
    assert line.startswith(flag)
    assert "--no-binary llama-cpp-python" in line


def test_the_version_is_the_one_the_project_asks_for(root: Path) -> None:
    assert f"llama-cpp-python=={gpu_build.pinned()}" in (root / "pyproject.toml").read_text(encoding="utf-8")


def test_what_nvidia_smi_prints_is_understood() -> None:
    banner = "| NVIDIA-SMI 550.54.15    Driver Version: 550.54.15    CUDA Version: 12.4     |"
    assert cuda_of(banner) == (12, 4)
    assert cuda_of("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.") == (0, 0)
    assert nvidia_cards("NVIDIA GeForce GTX 1080, 6.1\nNVIDIA H200, 9.0\n") == (
        ("NVIDIA GeForce GTX 1080", "NVIDIA H200"),
        (6, 1),
    )
    assert nvidia_cards("No devices were found") == ((), (0, 0))


@given(st.text())
def test_whatever_a_driver_prints_is_read_without_a_crash(text: str) -> None:
    nvidia_cards(text)
    cuda_of(text)


CPU_BUILD = Build("0.3.36", offloads=False, devices=(PROCESSOR,))


def test_a_build_without_the_card_of_the_machine_says_how_to_get_one() -> None:
    found = finding(CPU_BUILD, NVIDIA, "")
    assert found.ok
    assert found.found == "NVIDIA H200, but llama-cpp-python 0.3.36 uses the CPU alone"
    assert found.mend == command(NVIDIA)


def test_without_a_card_there_is_nothing_to_get() -> None:
    found = finding(CPU_BUILD, LINUX, "")
    assert (found.ok, found.mend) == (True, None)


def test_a_card_in_use_is_named_with_its_memory() -> None:
    found = finding(Build("0.3.36", offloads=True, devices=(CARD, PROCESSOR)), NVIDIA, "")
    assert (found.ok, found.mend) == (True, None)
    assert found.found == "llama-cpp-python 0.3.36 uses NVIDIA H200 through CUDA, 17.2 of 25.8 GB free"


def test_a_card_that_tells_no_free_memory_is_named_with_what_to_do() -> None:
    silent = msgspec.structs.replace(CARD, free_bytes=0)
    found = finding(Build("0.3.36", offloads=True, devices=(silent, PROCESSOR)), NVIDIA, "")
    assert found.found.endswith("is free is not known: set model.gpu_layers to use it")


def test_a_build_that_sees_no_card_says_to_look_at_the_driver() -> None:
    found = finding(Build("0.3.36", offloads=True, devices=(PROCESSOR,)), NVIDIA, "")
    assert "sees none" in found.found
    assert "nvidia-smi" in (found.mend or "")


def test_a_build_that_is_missing_is_no_fault_and_the_right_one_is_named() -> None:
    found = finding(None, NVIDIA, "")
    assert found.ok
    assert "not installed" in found.found
    assert "/cu125" in (found.mend or "")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "built for another processor"),
        ("import os; os.abort()", "SIGABRT"),
        ("raise ImportError('libcudart.so.12 is missing')", "libcudart.so.12 is missing"),
    ],
)
def test_a_build_that_does_not_load_is_a_fault_and_the_plain_one_is_named(
    code: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    (tmp_path / "llama_cpp.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{root}")
    found = gpu_build.check(Scope(str(tmp_path)))
    assert not found.ok
    assert text in found.found
    assert "/cpu" in (found.mend or "")


def test_what_else_the_process_says_is_a_fault_and_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('ggml: a word of its own')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = gpu_build.check(Scope(str(tmp_path)))
    assert not found.ok
    assert "something else" in found.found


def test_the_current_folder_lends_the_check_no_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "llama_cpp.py").write_text("raise ImportError('from the current folder')")
    monkeypatch.chdir(tmp_path)
    assert gpu_build.check(Scope(str(tmp_path))).ok


def test_the_check_says_what_is_installed_here() -> None:
    found = gpu_build.check(Scope("/"))
    assert found.ok
    assert found.name == gpu_build.NAME
    assert "llama-cpp-python" in found.found
