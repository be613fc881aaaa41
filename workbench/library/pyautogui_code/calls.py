"""The calls that a program makes of pyautogui, found by parsing it; nothing of it is ever executed.

Understood are calls in their order, `for` over a `range`, `with pyautogui.hold(…)`, names of constants, and sums of
numbers and texts. `VALUES["name"]` is a variable and `SECRETS["name"]` a secret, as the workbench writes them itself.
"""

import ast
import operator
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from workbench.errors import BadInputError
from workbench.trajectory import Variable

LONGEST_CHARACTERS = 512 * 1024
MOST_CALLS = 5000
MOST_TIMES = 1000
"""How often a loop is unrolled, and a key pressed, at most."""

_DEEPEST = 20
_LARGEST = 1e15
_MOST_FIELDS = 1000

MODULES = frozenset({"pyautogui", "computer", "time", "pag", "gui"})
"""What the modules of the calls are called where nothing is imported."""

_BARE = frozenset({"input"})
_QUIET = frozenset({"print", "exit", "quit"})

_SIGNS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}

_FORMATTED = re.compile(r"(?i)(?:\b|_)r?fr?['\"]")


@dataclass(frozen=True)
class Secret:
    """A text that is asked for and never written."""

    name: str


Value = str | int | float | bool | None | Secret | tuple["Value", ...]


@dataclass(frozen=True)
class Call:
    """One call: the function's last name, what it is given, the line it stands in, and how often it is made.

    `into` is the variable that takes what it returns.
    """

    name: str
    given: tuple[Value, ...] = ()
    named: dict[str, Value] = field(default_factory=dict)
    line: int = 1
    times: int = 1
    into: str | None = None

    def value(self, at: int, *names: str) -> Value:
        """What is given at a position or under one of these names; None where it is not."""
        if 0 <= at < len(self.given):
            return self.given[at]
        return next((self.named[name] for name in names if name in self.named), None)


@dataclass(frozen=True)
class LeftOut:
    """A line that could not be read, and why; `what` never says what is typed."""

    line: int
    what: str


@dataclass(frozen=True)
class Program:
    """The calls in their order, the variables they use, what was left out, and the text the program begins with."""

    calls: tuple[Call, ...]
    variables: tuple[Variable, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    docstring: str = ""


def parse(code: str) -> Program:
    """The calls of a program; raises `BadInputError` for what is no Python, with the line."""
    tree, found = _tree(code), _Parser()
    found.block(tree.body)
    docstring = ast.get_docstring(tree) or ""
    return Program(tuple(found.calls), tuple(found.variables.values()), tuple(found.left_out), docstring)


def _tree(code: str) -> ast.Module:
    if len(code) > LONGEST_CHARACTERS:
        raise BadInputError(f"the code is longer than {LONGEST_CHARACTERS} characters; split it")
    if code.count("{") > _MOST_FIELDS and _FORMATTED.search(code):
        raise BadInputError("the code has more formatted texts than a script of clicks has; write them out")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except SyntaxError as error:
        raise BadInputError(f"line {error.lineno or 1} is no Python; mend it") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise BadInputError("the code is no Python that can be read; mend it") from error


class _NotSaidError(Exception):
    """A value that is only known while the program runs."""


class _Parser:
    """Walks over statements and collects what they call."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.variables: dict[str, Variable] = {}
        self.left_out: list[LeftOut] = []
        self._modules = set(MODULES)
        self._functions: dict[str, str] = {name: name for name in _BARE}
        self._constants: dict[str, Value] = {}

    def block(self, statements: list[ast.stmt]) -> None:
        """Read statements in their order."""
        for statement in statements:
            if len(self.calls) > MOST_CALLS:
                raise BadInputError(f"the code makes more than {MOST_CALLS} calls; split it")
            try:
                self._statement(statement)
            except _NotSaidError as error:
                self.left_out.append(LeftOut(statement.lineno, str(error)))

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Import() | ast.ImportFrom():
                self._import(statement)
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case ast.Expr(value=ast.Call() as call):
                self._call(call)
            case ast.Assign(targets=[target], value=value):
                self._assign(target, value)
            case ast.For():
                self._loop(statement)
            case ast.With(items=[ast.withitem(context_expr=ast.Call() as call)]):
                self._hold(call, statement.body)
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                self.block(statement.body)
            case _:
                raise _NotSaidError(f"`{type(statement).__name__.lower()}` is not read, for it decides while it runs")

    def _import(self, statement: ast.Import | ast.ImportFrom) -> None:
        for name in statement.names:
            if isinstance(statement, ast.ImportFrom) and statement.module in MODULES:
                self._functions[name.asname or name.name] = name.name
            elif isinstance(statement, ast.Import) and name.name in MODULES:
                self._modules.add(name.asname or name.name)

    def _call(self, call: ast.Call, into: str | None = None) -> None:
        name = self._name(call.func)
        if name is None:
            raise _NotSaidError("it calls something else than pyautogui")
        if name in _QUIET:
            return
        given = tuple(self._value(each) for each in call.args)
        named = {each.arg: self._value(each.value) for each in call.keywords if each.arg}
        self.calls.append(Call(name, given, named, call.lineno, into=into))

    def _name(self, called: ast.expr) -> str | None:
        match called:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in self._modules:
                return name
            case ast.Name(id=name):
                return self._functions.get(name) or (name if name in _QUIET else None)
            case ast.Attribute(value=ast.Name(id="sys"), attr="exit"):
                return "exit"
        return None

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Name(id="VALUES"), ast.Dict():
                self._declare(value)
            case ast.Name(id="SECRETS"), ast.Dict():
                pass
            case ast.Name(id=name), ast.Call() if self._name(value.func):
                self._call(value)
                raise _NotSaidError(f"what {self._name(value.func)} returns is not known")
            case ast.Name(id=name), _:
                self._constants.pop(name, None)  # what it was is not what it is, even where that cannot be read
                self._constants[name] = self._value(value)
            case ast.Subscript(value=ast.Name(id="VALUES"), slice=ast.Constant(value=str(name))), ast.Call():
                self._call(value, into=name)
            case ast.Attribute(value=ast.Name(id=module)), _ if module in self._modules:
                pass  # PAUSE and FAILSAFE say how it runs, not what it does
            case _:
                raise _NotSaidError("it keeps something that is not read")

    def _declare(self, values: ast.Dict) -> None:
        for key, value in zip(values.keys, values.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                default = value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
                self.variables[key.value] = Variable(key.value, default)

    def _loop(self, loop: ast.For) -> None:
        match loop.iter:
            case ast.Call(func=ast.Name(id="range"), args=[count]):
                times = self._value(count)
            case _:
                raise _NotSaidError("it repeats something as often as it finds while it runs")
        if not isinstance(times, int) or not 0 <= times <= MOST_TIMES:
            raise _NotSaidError(f"it repeats something more often than {MOST_TIMES} times, or an unknown number")
        before = len(self.calls)
        self.block(loop.body)
        body = self.calls[before:]
        if len(body) == 1 and body[0].times * times <= MOST_TIMES:
            self.calls[before:] = [replace(body[0], times=body[0].times * times)] if times else []
        elif sum(call.times for call in body) * times > MOST_CALLS:
            raise BadInputError(f"the code makes more than {MOST_CALLS} calls; split it")
        else:
            self.calls[before:] = body * times

    def _hold(self, call: ast.Call, body: list[ast.stmt]) -> None:
        if self._name(call.func) != "hold" or not call.args:
            raise _NotSaidError("`with` is only read of pyautogui.hold")
        keys = self._value(call.args[0])
        names = keys if isinstance(keys, tuple) else (keys,)
        self.calls += [Call("keyDown", (name,), line=call.lineno) for name in names]
        self.block(body)
        self.calls += [Call("keyUp", (name,), line=call.lineno) for name in reversed(names)]

    def _value(self, value: ast.expr, depth: int = 0) -> Value:
        if depth > _DEEPEST:
            raise _NotSaidError("its arguments are nested too deep")
        match value:
            case ast.Constant(value=str() | bool() | None as constant):
                return constant
            case ast.Constant(value=int() | float() as constant):
                return _number(constant)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return tuple(self._value(item, depth + 1) for item in items)
            case ast.Name(id=name) if name in self._constants:
                return self._constants[name]
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=inner):
                number = _number(self._value(inner, depth + 1))
                return -number if isinstance(sign, ast.USub) else number
            case ast.BinOp():
                return self._sum(value, depth)
            case ast.Subscript(value=ast.Name(id=holder), slice=ast.Constant(value=str(name))):
                return self._held(holder, name)
        raise _NotSaidError("its arguments are worked out while it runs")

    def _sum(self, value: ast.BinOp, depth: int) -> Value:
        one, other = self._value(value.left, depth + 1), self._value(value.right, depth + 1)
        if isinstance(value.op, ast.Add) and isinstance(one, str) and isinstance(other, str):
            if len(one) + len(other) > LONGEST_CHARACTERS:
                raise _NotSaidError("its text grows too long")
            return one + other
        work = _SIGNS.get(type(value.op))
        if work is None:
            raise _NotSaidError("its arguments are worked out while it runs")
        try:
            return work(_number(one), _number(other))
        except ArithmeticError as error:
            raise _NotSaidError("its arguments are numbers that cannot be worked out") from error

    def _held(self, holder: str, name: str) -> Value:
        if holder == "SECRETS":
            return Secret(name)
        if holder == "VALUES":
            self.variables.setdefault(name, Variable(name))
            return f"{{{{{name}}}}}"
        raise _NotSaidError("its arguments are worked out while it runs")


def _number(value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _LARGEST:
        raise _NotSaidError("its arguments are worked out while it runs")
    return value
