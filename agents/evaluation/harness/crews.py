"""Who plays the episodes of a plan: this process alone, several processes side by side, or a Ray cluster.

All of them yield what each episode came to as soon as it is known, in any order. Whoever stops listening, or is
interrupted, closes the generator: then everything that was started has ended.
"""

import os
import selectors
import signal
import subprocess
from collections import deque
from collections.abc import Generator, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec

from agents.evaluation.harness.casting import Casting
from agents.evaluation.harness.plan import Episode
from agents.evaluation.harness.player import Outcome, Player, Unplayed
from agents.evaluation.harness.worker import MODULE, Broken, Said
from workbench.errors import BadInputError, UnavailableError, WorkbenchError
from workbench.own_processes import own_process

Outcomes = Generator[Outcome, None, None]

MOST_UNPLAYED = 3
"""So many episodes in a row that cannot be played end an evaluation: something is missing that all of them need."""

_ENDS_S = 20.0
"""How long a process may take to close its desktop before it is killed; the desktop's guard then does."""


def alone(casting: Casting, episodes: Iterable[Episode]) -> Outcomes:
    """Played here, one after the other."""
    with Player(casting) as player:
        for episode in episodes:
            yield player.play(episode)


def side_by_side(casting: Casting, episodes: Iterable[Episode], *, processes: int) -> Outcomes:
    """Played by so many processes of this machine, each with a desktop of its own.

    A process that dies is replaced; its episode counts as not played.
    """
    waiting = deque(episodes)
    with ExitStack() as open_workers, selectors.DefaultSelector() as ready:
        for _ in range(min(processes, len(waiting))):
            _begin(open_workers.enter_context(_Worker.start(casting)), waiting.popleft(), ready)
        while ready.get_map():
            for key, _ in ready.select():
                worker: _Worker = key.data
                for outcome in worker.outcomes():
                    yield outcome
                    if waiting and not worker.dead:
                        worker.give(waiting.popleft())
                if worker.idle or worker.dead:
                    ready.unregister(worker.process.stdout)  # type: ignore[arg-type]  # it was started with a pipe
                if worker.dead and waiting:
                    _begin(open_workers.enter_context(_Worker.start(casting)), waiting.popleft(), ready)


def on_cluster(casting: Casting, episodes: Iterable[Episode], *, address: str, players: int) -> Outcomes:
    """Played by so many actors of a Ray cluster, each with a desktop of its own; Ray says where.

    Every machine of it needs this program with what the suite needs, and the model under the same name. Raises
    `UnavailableError` where Ray is not installed or the cluster does not answer.
    """
    ray = _ray()
    try:
        ray.init(address=address, logging_level="ERROR", log_to_driver=False)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise UnavailableError(f"there is no Ray cluster at {address}: {error}; start one with `ray start`") from error
    waiting = deque(episodes)
    try:
        remote = ray.remote(max_restarts=-1)(Player)  # one that died begins anew with its next episode
        crew = [remote.remote(casting) for _ in range(min(players, len(waiting)))]
        playing = {one.play.remote(episode): (one, episode) for one in crew if (episode := waiting.popleft())}
        while playing:
            done, _ = ray.wait(list(playing), num_returns=1)
            one, episode = playing.pop(done[0])
            yield _from_ray(ray, done[0], episode)
            if waiting:
                following = waiting.popleft()
                playing[one.play.remote(following)] = (one, following)
        for one in crew:
            with suppress(ray.exceptions.RayActorError):  # who is gone has nothing left to close
                ray.get(one.close.remote())
    finally:
        ray.shutdown()


def unless_all_fail(outcomes: Outcomes) -> Outcomes:
    """The same, until too many in a row could not be played: then what the last one said is raised."""
    unplayed = 0
    try:
        for outcome in outcomes:
            unplayed = unplayed + 1 if isinstance(outcome, Unplayed) else 0
            yield outcome
            if isinstance(outcome, Unplayed) and unplayed == MOST_UNPLAYED:
                raise UnavailableError(f"{unplayed} episodes in a row could not be played: {outcome.why}")
    finally:
        outcomes.close()


@dataclass
class _Worker:
    """A process that plays, and the episode that it is at."""

    process: "subprocess.Popen[bytes]"
    dead: bool = False
    _at: Episode | None = None
    _rest: bytes = b""
    _decoder: "msgspec.json.Decoder[Said]" = field(default_factory=lambda: msgspec.json.Decoder(Said))

    @classmethod
    def start(cls, casting: Casting) -> "_Worker":
        process = subprocess.Popen(
            own_process(MODULE), stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, start_new_session=True
        )
        worker = cls(process)
        worker._tell(casting)
        return worker

    @property
    def idle(self) -> bool:
        return self._at is None

    def give(self, episode: Episode) -> None:
        self._at = episode
        self._tell(episode)

    def outcomes(self) -> list[Outcome]:
        """What it says now; at its end that of the episode which it was at. Raises what it cannot do at all."""
        assert self.process.stdout is not None
        piece = os.read(self.process.stdout.fileno(), 1 << 16)
        *lines, self._rest = (self._rest + piece).split(b"\n")
        said = [self._decoder.decode(line) for line in lines]
        broken = next((one for one in said if isinstance(one, Broken)), None)
        if broken is not None:
            raise _as_error(broken)
        found = [one for one in said if not isinstance(one, Broken)]
        self._at = None if found else self._at
        self.dead = not piece
        if self.dead and self._at is not None:
            found.append(Unplayed(self._at, f"the process that played it ended with {self.process.wait()}"))
            self._at = None
        return found

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None and not self.idle:
            self.process.send_signal(signal.SIGINT)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self.process.wait(_ENDS_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _tell(self, message: msgspec.Struct) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(msgspec.json.encode(message) + b"\n")
        except BrokenPipeError:
            return  # its end is heard where its outcome is


def _begin(worker: _Worker, episode: Episode, ready: selectors.BaseSelector) -> None:
    assert worker.process.stdout is not None
    ready.register(worker.process.stdout, selectors.EVENT_READ, worker)
    worker.give(episode)


def _as_error(broken: Broken) -> WorkbenchError:
    kind = next((kind for kind in (BadInputError, UnavailableError) if kind.exit_code == broken.exit_code), None)
    return (kind or WorkbenchError)(broken.text)


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise UnavailableError("Ray is not installed; get it with: pip install 'gui-agent-workbench[ray]'") from None
    return ray


def _from_ray(ray: Any, reference: Any, episode: Episode) -> Outcome:
    try:
        outcome: Outcome = ray.get(reference)
    except ray.exceptions.RayActorError as error:
        return Unplayed(episode, f"the process that played it is gone: {str(error).splitlines()[0]}")
    except ray.exceptions.RayTaskError as error:
        raise error.cause from error
    return outcome
