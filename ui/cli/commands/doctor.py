"""`workbench-cli doctor`: check what this machine can do and how to mend what it cannot."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from agents.runtime.models import gpu_build
from ui.cli.console import Console
from workbench import settings
from workbench.checkup.asking import examine
from workbench.checkup.findings import Finding, Scope

HELP = "check what this machine can do and how to mend what it cannot"
EXAMPLE = "workbench-cli doctor"
_MORE = {gpu_build.NAME: gpu_build.check}


def configure(_parser: ArgumentParser) -> None:
    """Nothing to choose."""


def run(_args: Namespace, console: Console) -> int:
    """Look at everything; exit code 0 when all is well, otherwise 1."""
    findings = list(examine(Scope(str(_library(console))), more=_MORE))
    well = all(finding.ok for finding in findings)
    console.data({"ok": well, "checks": findings}, "\n".join(_lines(findings, well=well)))
    return 0 if well else 1


def _library(console: Console) -> Path:
    chosen = console.library_path or os.environ.get("WORKBENCH_LIBRARY")
    return Path(chosen) if chosen else settings.library_folder(settings.load())


def _lines(findings: list[Finding], *, well: bool) -> list[str]:
    width = max(len(finding.name) for finding in findings)
    lines: list[str] = []
    for finding in findings:
        lines.append(f"{'ok' if finding.ok else 'NOT OK':>6}  {finding.name:{width}}  {finding.found}")
        if finding.mend:
            lines.append(f"{'':6}  {'':{width}}  {'to have it' if finding.ok else 'to mend it'}: {finding.mend}")
    wrong = sum(1 for finding in findings if not finding.ok)
    return [*lines, "all is well" if well else f"{wrong} of {len(findings)} checks did not hold"]
