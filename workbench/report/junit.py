"""Runs as JUnit XML, the format in which build servers read test results.

One run becomes a suite with a case per step; the rows of a data file become one suite with a case per row. A step that
failed is a failure, one that was not done is skipped. XML 1.0 has no way to write most control characters, so they are
left out.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from workbench.actions import kind
from workbench.errors import UnavailableError
from workbench.report.document import ReplayDocument, StepDocument
from workbench.report.words import is_shown

_SKIPPED = ("skipped", "would-do")


def write_junit(documents: Sequence[ReplayDocument], path: Path) -> Path:
    """Write the file, whole or not at all; raises `UnavailableError` when it cannot be written."""
    root = ET.Element("testsuites", name="workbench")
    suites = [_run_suite(documents[0])] if len(documents) == 1 else [_rows_suite(documents)]
    root.extend(suites)
    ET.indent(root)
    content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content)
    except OSError as error:
        reason = error.strerror or error
        raise UnavailableError(f"the results cannot be written to {path}: {reason}; choose another path") from error
    return path


def _run_suite(document: ReplayDocument) -> ET.Element:
    cases = [_step_case(document, step) for step in document.steps]
    failed = any(step.status == "failed" for step in document.steps)
    if document.outcome != "finished" and not failed:
        cases.append(_ending_case(document))
    return _suite(document.title or document.run, cases, document.elapsed_ms)


def _rows_suite(documents: Sequence[ReplayDocument]) -> ET.Element:
    cases = []
    for number, document in enumerate(documents, start=1):
        case = _case(f"row {number}", document.title or "rows", document.elapsed_ms)
        if document.outcome != "finished":
            _add(case, "failure", document.outcome, document.reason or document.outcome)
        cases.append(case)
    title = documents[0].title if documents else ""
    return _suite(title or "rows", cases, sum(document.elapsed_ms for document in documents))


def _suite(name: str, cases: list[ET.Element], elapsed_ms: float) -> ET.Element:
    suite = ET.Element(
        "testsuite",
        name=_clean(name),
        tests=str(len(cases)),
        failures=str(sum(1 for case in cases if case.find("failure") is not None)),
        errors="0",
        skipped=str(sum(1 for case in cases if case.find("skipped") is not None)),
        time=_seconds(elapsed_ms),
    )
    suite.extend(cases)
    return suite


def _step_case(document: ReplayDocument, step: StepDocument) -> ET.Element:
    name = f"{step.index:03d} {step.description or kind(step.action)}"
    case = _case(name, document.title or document.run, step.elapsed_ms)
    message = step.message or step.status
    if step.status == "failed":
        _add(case, "failure", "not verified" if step.verified is False else "failed", message)
    elif step.status in _SKIPPED:
        _add(case, "skipped", step.status, message)
    return case


def _ending_case(document: ReplayDocument) -> ET.Element:
    case = _case("the run as a whole", document.title or document.run, 0.0)
    _add(case, "failure", document.outcome, document.reason or document.outcome)
    return case


def _case(name: str, classname: str, elapsed_ms: float) -> ET.Element:
    return ET.Element("testcase", name=_clean(name), classname=_clean(classname), time=_seconds(elapsed_ms))


def _add(case: ET.Element, element: str, kind_of: str, message: str) -> None:
    shown = _clean(message)
    child = ET.SubElement(case, element, message=shown)
    if element == "failure":
        child.set("type", kind_of)
        child.text = shown


def _clean(text: str) -> str:
    return "".join(c for c in text if c in "\n\t" or is_shown(c))


def _seconds(elapsed_ms: float) -> str:
    return f"{elapsed_ms / 1000:.3f}"


def _replace(target: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".junit-", delete=False) as part:
        part.write(content)
    try:
        Path(part.name).replace(target)
    except OSError:
        Path(part.name).unlink(missing_ok=True)
        raise
