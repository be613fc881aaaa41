"""The sizes of the house style, measured on the program itself."""

import ast
import re
import statistics
from collections.abc import Iterator

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
CONNECTED = re.compile(r"\.connect\((?:\w+\.)*(\w+)\)")


def _functions(sources) -> Iterator[tuple[str, ast.FunctionDef]]:
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, FUNCTIONS):
                yield f"{source.path}:{node.lineno} {node.name}", node


def _lines(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _positional(node: ast.FunctionDef) -> list[ast.arg]:
    arguments = [*node.args.posonlyargs, *node.args.args]
    return arguments[1:] if arguments and arguments[0].arg in ("self", "cls") else arguments


def _is_setter(node: ast.FunctionDef) -> bool:
    """Whether it is what an assignment to a property calls."""
    return any(isinstance(one, ast.Attribute) and one.attr == "setter" for one in node.decorator_list)


def test_half_of_all_functions_have_ten_lines_or_fewer(sources):
    assert statistics.median(_lines(node) for _, node in _functions(sources)) <= 10


def test_nine_functions_of_ten_have_thirty_lines_or_fewer(sources):
    sizes = sorted(_lines(node) for _, node in _functions(sources))
    assert sizes[int(len(sizes) * 0.9)] <= 30


def test_no_function_is_longer_than_sixty_lines(sources):
    assert [where for where, node in _functions(sources) if _lines(node) > 60] == []


def test_no_module_is_longer_than_six_hundred_lines(sources):
    assert [source.path for source in sources if source.text.count("\n") > 600] == []


def test_nineteen_modules_of_twenty_have_four_hundred_lines_or_fewer(sources):
    sizes = sorted(source.text.count("\n") for source in sources)
    assert sizes[int(len(sizes) * 0.95)] <= 400


def test_no_function_takes_more_than_five_parameters(sources):
    found = [where for where, node in _functions(sources) if len(_positional(node)) + len(node.args.kwonlyargs) > 5]
    assert found == []


def test_nineteen_functions_of_twenty_take_at_most_three_things_by_position(sources):
    counts = sorted(len(_positional(node)) for _, node in _functions(sources))
    assert counts[int(len(counts) * 0.95)] <= 3


def test_no_flag_is_given_by_position_but_by_a_signal_that_knows_no_other_way(sources):
    slots = {name for source in sources for name in CONNECTED.findall(source.text)}
    found = [
        f"{where}({argument.arg})"
        for where, node in _functions(sources)
        for argument in _positional(node)
        if node.name not in slots
        and not _is_setter(node)
        and isinstance(argument.annotation, ast.Name)
        and argument.annotation.id == "bool"
    ]
    assert found == []
