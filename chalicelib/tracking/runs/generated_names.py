"""Names for runs created without one: friendly-otter-417.

No word is longer than seven letters, so that a name stays within MLflow's 20 characters.
"""

import random

ADJECTIVES = tuple(
    """
    able agile amber ample azure bold brave breezy bright brisk calm candid clear clever cosy crisp curious daring
    deft eager earnest easy fair fleet fluent fresh gentle glad golden grand happy hardy honest humble jolly keen kind
    light lively loyal lucid lucky mellow merry modest nimble noble patient placid plucky proud quick quiet ready robust
    rosy silver sincere smooth snug spry steady sunny tidy vivid warm wise witty zesty
    """.split()  # noqa: SIM905 - a literal would take a line a word
)
NOUNS = tuple(
    """
    acorn alder anchor aspen badger basil beacon bear birch bison brook canyon cedar clover comet coral cricket dune
    eagle ember falcon fern finch fjord forest glacier grove harbor hazel heron island ivy jasmine juniper kestrel
    lantern lark lemur lilac linden lotus lynx maple marmot meadow moss oak orchid otter owl panda pebble pine plum
    puffin quail raven reef ridge river robin sparrow spruce summit swift thistle tulip valley walnut willow wren
    """.split()  # noqa: SIM905 - a literal would take a line a word
)

# The system's randomness keeps no state. With a seeded generator, copies of one started Lambda would all generate the
# same names.
_SYSTEM_CHANCE = random.SystemRandom()


def random_run_name(chance: random.Random = _SYSTEM_CHANCE) -> str:
    """Return `adjective-noun-NNN`, NNN from 100 to 999. Names need not be unique. Tests pass a seeded `chance`."""
    return f"{chance.choice(ADJECTIVES)}-{chance.choice(NOUNS)}-{chance.randrange(100, 1000)}"
