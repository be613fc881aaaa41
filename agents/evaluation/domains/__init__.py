"""Planning domains in words: long tasks with a clear goal, for measuring what a memory is worth."""

from agents.evaluation.domains.barman import BARMAN
from agents.evaluation.domains.blocksworld import BLOCKSWORLD
from agents.evaluation.domains.gripper import GRIPPER
from agents.evaluation.domains.strips import Domain
from agents.evaluation.domains.tyreworld import TYREWORLD

DOMAINS: dict[str, Domain] = {domain.name: domain for domain in (BARMAN, BLOCKSWORLD, GRIPPER, TYREWORLD)}
