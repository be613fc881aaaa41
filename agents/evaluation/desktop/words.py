"""The words that values of tasks are drawn from, and drawing them."""

from collections.abc import Sequence
from random import Random

NOUNS = [
    "apple",
    "anchor",
    "basket",
    "bridge",
    "candle",
    "castle",
    "dragon",
    "engine",
    "feather",
    "forest",
    "garden",
    "hammer",
    "harbour",
    "island",
    "jacket",
    "kettle",
    "ladder",
    "lantern",
    "marble",
    "meadow",
    "needle",
    "orchard",
    "paddle",
    "pencil",
    "pillow",
    "rabbit",
    "ribbon",
    "saddle",
    "silver",
    "tunnel",
    "velvet",
    "window",
]
FIRST_NAMES = [
    "Ada",
    "Bruno",
    "Carla",
    "Dmitri",
    "Elena",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Kira",
    "Leo",
    "Mina",
    "Noor",
    "Olga",
    "Pavel",
]
LAST_NAMES = [
    "Adler",
    "Bauer",
    "Costa",
    "Duarte",
    "Evans",
    "Fischer",
    "Gomez",
    "Hansen",
    "Ivanov",
    "Jansen",
    "Keller",
    "Lopez",
    "Moreau",
    "Novak",
]
TOWNS = [
    "Bergen",
    "Cadiz",
    "Dresden",
    "Exeter",
    "Florence",
    "Ghent",
    "Haarlem",
    "Krakow",
    "Leiden",
    "Malmo",
    "Nantes",
    "Oporto",
    "Pisa",
    "Turku",
]
STREETS = ["Mill Lane", "Oak Street", "Church Road", "Hill Avenue", "Station Road", "River Walk", "Park Street"]
GOODS = [
    "apples",
    "bananas",
    "bread",
    "butter",
    "candles",
    "carrots",
    "cheese",
    "coffee",
    "cucumbers",
    "eggs",
    "flour",
    "garlic",
    "honey",
    "lemons",
    "lentils",
    "matches",
    "milk",
    "mustard",
    "noodles",
    "oats",
    "onions",
    "oranges",
    "pepper",
    "plums",
    "potatoes",
    "rice",
    "salt",
    "soap",
    "spinach",
    "sugar",
    "tea",
    "tomatoes",
]


def drawn(random: Random, words: Sequence[str], count: int = 1) -> list[str]:
    """So many different ones."""
    return random.sample(words, count)


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
