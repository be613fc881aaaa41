"""What a model's run is told, made from what a person wants and what the settings say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as with_fields
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import structs
from msgspec.structs import replace

from agents.memory.lending import Lending
from agents.session.messages import AgentOrder, Memory, Minds
from ui.orders.finding import Say, find_complete
from ui.orders.lending import ready_to_lend
from workbench import settings
from workbench.approval import Mode
from workbench.errors import BadInputError, UnavailableError
from workbench.session.replaying import new_run_id
from workbench.settings_sections import Switch, Way
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from agents.runtime.models.registry import Registry
    from workbench.library.store import Library
    from workbench.session.resuming import Resumption

SECRET = re.compile(r"\{\{secret:([A-Za-z0-9._-]+)\}\}")
"""How a task names a secret that may be typed."""

Exemplars = tuple[str, ...] | Literal["auto", "none"]
"""Names of trajectories that a model is shown; or the most alike ones, or none."""


@dataclass(frozen=True)
class Wish:
    """What a person wants of a run; None leaves it to the settings, or to the run that is gone on with.

    `size` is that of a private desktop as `WxH`, empty for
    the usual one, None for the person's own desktop. `applications` are commands that are started first.
    """

    task: str = ""
    model: str | None = None
    exemplars: Exemplars = "auto"
    memory: Memory | None = None
    approve: Mode | None = None
    size: str | None = None
    applications: tuple[str, ...] = ()
    most_steps: int | None = None
    timeout_s: float | None = None
    keeps: bool = True
    lend: Way | None = None
    workflows: Switch | None = None
    hints: Switch | None = None


def order_of(wish: Wish, library: "Library", say: Say) -> AgentOrder:
    """The order of a new run; `say` hears what there is to know of the exemplars that were named or may be lent.

    Raises `BadInputError` for an empty task and a trajectory that is not there, `UnavailableError` for such a model.
    """
    from agents.runtime.models.registry import Registry

    loaded, task = settings.load(), wish.task.strip()
    if not task:
        raise BadInputError("the task is empty; say in words what is to be done")
    order = AgentOrder(
        run=new_run_id(),
        task=task,
        library=str(library.path) if wish.keeps else None,
        frames=str(library.frames_folder),
        minds=minds_for(wish.model, Registry.usual()),
        memory=wish.memory or "hierarchical",
        approve=wish.approve or loaded.run.approve,
        policy=settings.policy(loaded),
        lending=lending_of(wish, loaded),
        lends_from=str(library.path),
        exemplars=_named(wish, library, say) if isinstance(wish.exemplars, tuple) else (),
        secrets=secrets_in(task),
        commands=wish.applications,
        emergency_hotkey=loaded.replay.emergency_hotkey,
        seen=wish.size is None,
    )
    if order.lending.exemplars and not order.exemplars:
        ready_to_lend(library, task, say)
    return _limited(order, wish)


def lending_of(wish: Wish, loaded: settings.Settings) -> Lending:
    """What a run may be lent, by the wish and the settings."""
    learning = loaded.learning
    return Lending(
        exemplars=0 if wish.exemplars == "none" else int(learning.exemplars),
        way=wish.lend or learning.lend,
        tokens=int(learning.tokens),
        workflows=(wish.workflows or learning.workflows) == "on",
        hints=(wish.hints or learning.hints) == "on",
        unapproved_hints=learning.unapproved_hints == "on",
        crops=learning.crops == "on",
    )


def order_to_go_on(name: str, wish: Wish, library: "Library", say: Say) -> AgentOrder:
    """The order of the run that broke off, for the run that goes on with it; the wish says what is otherwise now.

    `name` is the run's, or its trajectory's. Raises `BadInputError` where nothing of that name can be gone on with.
    """
    from workbench.session.resuming import named_run, resumable

    earlier = resumable(library, named_run(library, name))
    try:
        order = msgspec.convert({**earlier.order, **_here(wish, library, earlier.order)}, AgentOrder)
    except msgspec.ValidationError as error:
        raise BadInputError(f"the run {earlier.run} is no run of a model: {error}; replay its trajectory") from error
    warning = _starting_anew(len(earlier.kept)) if wish.size is not None else ""
    for line in filter(None, ("" if earlier.run == name else f"going on with run {earlier.run}", warning)):
        say(line)
    exemplars = _followed(earlier, library) or tuple(library.get(one) for one in order.exemplar_ids if one in library)
    return _limited(_said_anew(replace(order, resumes=earlier.run, warning=warning, exemplars=exemplars), wish), wish)


def applications_for(order: AgentOrder, wish: Wish) -> tuple[str, ...]:
    """What to start: what was named, else what the run that broke off had, where its desktop is gone."""
    anew = order.resumes and wish.size is not None
    return wish.applications or (order.commands if anew else ())


def secrets_in(task: str) -> tuple[str, ...]:
    """The names of the secrets that the task mentions, each once."""
    return tuple(dict.fromkeys(SECRET.findall(task)))


def minds_for(name: str | None, registry: "Registry") -> Minds:
    """Who thinks: the model that was named, else the one with the role, else the one that comes with the program.

    Raises `UnavailableError` for a name that no model has, the empty one included.
    """
    from agents.runtime.models import built_in

    roles = {role: each for each in reversed(registry.names()) for role in registry.get(each).roles}
    usual = roles.get("planner") or (built_in.NAME if built_in.comes_along() else None)
    planner = usual if name is None else name
    if planner is None:
        raise UnavailableError("there is no model to think: fetch one with `workbench-cli models get`, then name it")
    registry.get(planner)
    others = (roles.get(role, "") for role in ("grounder", "judge", "embedder"))
    return Minds(str(registry.folder), planner, *others)


def _said_anew(order: AgentOrder, wish: Wish) -> AgentOrder:
    """The order of the run that broke off, but for what the wish says otherwise."""
    from agents.runtime.models.registry import Registry

    minds = order.minds if wish.model is None else minds_for(wish.model, Registry.usual())
    lending = structs.replace(
        order.lending,
        way=wish.lend or order.lending.way,
        workflows=order.lending.workflows if wish.workflows is None else wish.workflows == "on",
        hints=order.lending.hints if wish.hints is None else wish.hints == "on",
    )
    memory, approve = wish.memory or order.memory, wish.approve or order.approve
    return replace(order, minds=minds, memory=memory, approve=approve, lending=lending)


def _starting_anew(kept: int) -> str:
    """What a private desktop, which is always a new one, has lost of the run that broke off; empty where nothing."""
    if not kept:
        return ""
    steps = "1 kept step" if kept == 1 else f"{kept} kept steps"
    return f"the applications start anew: what the {steps} did on screen is gone; replay the trajectory first"


def _here(wish: Wish, library: "Library", logged: Mapping[str, Any]) -> dict[str, Any]:
    """What no log tells, because it is of this machine and this call."""
    from agents.runtime.models.registry import Registry

    here = {
        "run": new_run_id(),
        "library": str(library.path),
        "frames": str(library.frames_folder),
        "lends_from": str(library.path),
        "seen": wish.size is None,
    }
    minds = logged.get("minds")
    if isinstance(minds, dict):
        here["minds"] = {**minds, "folder": str(Registry.usual().folder)}
    return here


def _limited(order: AgentOrder, wish: Wish) -> AgentOrder:
    limits = with_fields(order.limits, steps=wish.most_steps or order.limits.steps)
    return replace(order, limits=limits, timeout_s=wish.timeout_s or order.timeout_s)


def _named(wish: Wish, library: "Library", say: Say) -> tuple[Trajectory, ...]:
    """The trajectories that a person named, whatever is said against lending them; `say` hears that."""
    found = tuple(find_complete(name, library, say) for name in wish.exemplars)
    standings = library.learning.standings()
    for one in found:
        standing = standings.get(one.id)
        if standing is not None and not standing.active:
            say(f"retired, and shown because you named it: {one.title} ({one.id}), {standing.reason}")
    return found


def _followed(earlier: "Resumption", library: "Library") -> tuple[Trajectory, ...]:
    """What the run that broke off followed as a whole, as far as it is still there: its revision, and its chapter."""
    return tuple(
        structs.replace(one, steps=one.steps[loan.first - 1 : loan.last])
        for loan in earlier.followed
        if loan.lent in library and (one := library.get(loan.lent, revision=loan.revision)).steps
    )
