import re
from random import Random

from chalicelib.tracking.runs.generated_names import ADJECTIVES, NOUNS, random_run_name


def test_a_name_is_an_adjective_a_noun_and_three_digits():
    adjective, noun, number = random_run_name().split("-")

    assert adjective in ADJECTIVES
    assert noun in NOUNS
    assert len(number) == 3


def test_every_word_and_every_number_gets_its_turn():
    chance = Random(7)

    names = [random_run_name(chance).split("-") for _ in range(20_000)]

    assert {name[0] for name in names} == set(ADJECTIVES)
    assert {name[1] for name in names} == set(NOUNS)
    assert {name[2] for name in names} == {str(number) for number in range(100, 1000)}


def test_the_longest_name_has_at_most_20_characters():
    longest = f"{max(ADJECTIVES, key=len)}-{max(NOUNS, key=len)}-999"

    assert len(longest) <= 20


def test_every_word_is_in_its_list_once_and_plain():
    words = ADJECTIVES + NOUNS

    assert len(set(words)) == len(words)
    assert all(re.fullmatch("[a-z]{3,7}", word) for word in words)


def test_the_same_chance_gives_the_same_name():
    assert random_run_name(Random(7)) == random_run_name(Random(7))
