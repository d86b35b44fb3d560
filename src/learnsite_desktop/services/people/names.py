"""A sorted list of names with what leads to each: its parts, its initials, the end of a number.

Distinct names only; each knows the keys of those who bear it. Everything is kept sorted, so that
adding or taking one person away costs little and gives the same as starting anew.
"""

import re
from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from learnsite_desktop.services.people.readings import initials, readings, sounds_alike

LAST: Final = chr(0x10FFFF)
TAIL: Final = 4
"""Digits at the end of a number by which it is kept."""

_SYLLABLE: Final = re.compile(r"[aeo]|(?:[zcs]h|[a-z])[aeiouv]|[zcs]h$")
"""What a reading of more than one letter begins with."""


class Lookup:
    """Words in order, each with the places it leads to, which are kept in order too."""

    def __init__(self, order: Callable[[int], str] | None = None) -> None:
        """`order` says after which text the places of a word are ordered (by number if None).

        `words` are sorted; `firsts` are their first characters, and maybe of some that are gone.
        """
        self._order = order
        self._places: dict[str, array[int]] = {}
        self.firsts: list[str] = []
        self.words: list[str] = []

    def load(self, pairs: Iterable[tuple[str, int]]) -> None:
        """Begin with pairs of word and place; the places of a word come in their order."""
        places = self._places
        for word, place in pairs:
            held = places.get(word)
            if held is None:
                places[word] = array("I", (place,))
            elif held[-1] != place:
                held.append(place)
        self.words = sorted(places)
        self.firsts = sorted({word[:1] for word in places})

    def add(self, word: str, place: int) -> None:
        """Let a word lead to one place more."""
        held = self._places.get(word)
        if held is None:
            self._places[word] = array("I", (place,))
            insort(self.words, word)
            if word[:1] not in self.firsts:
                insort(self.firsts, word[:1])
        elif place not in held:
            insort(held, place, key=self._order)

    def remove(self, word: str, place: int) -> None:
        """Let a word lead to one place less."""
        held = self._places[word]
        held.remove(place)
        if not held:
            del self._places[word]
            del self.words[bisect_left(self.words, word)]

    def at(self, word: str) -> Iterable[int]:
        """Return the places of a word."""
        return self._places.get(word, ())

    def span(self, prefix: str, low: int, high: int) -> tuple[int, int]:
        """Return where between `low` and `high` the words with this beginning stand."""
        first = bisect_left(self.words, prefix, low, high)
        return first, bisect_right(self.words, prefix + LAST, first, high)

    def beginning(self, prefix: str) -> Iterator[int]:
        """Yield the places of all words that begin with `prefix`, in the order of the words."""
        words, places = self.words, self._places
        for number in range(bisect_left(words, prefix), len(words)):
            word = words[number]
            if not word.startswith(prefix):
                return
            yield from places[word]


class Ends:
    """Numbers by their last digits, and whose they are."""

    def __init__(self, numbers: Iterable[tuple[str, str]] = ()) -> None:
        """Begin with pairs of number and person."""
        self._persons: dict[str, list[str]] = {}
        for number, person in numbers:
            self._persons.setdefault(_end(number), []).append(person)
        for persons in self._persons.values():
            persons.sort()
        self._ends = sorted(self._persons)

    def add(self, number: str, person: str) -> None:
        """Add somebody's number."""
        end = _end(number)
        if end not in self._persons:
            self._persons[end] = []
            insort(self._ends, end)
        insort(self._persons[end], person)

    def remove(self, number: str, person: str) -> None:
        """Take somebody's number away."""
        self._persons[_end(number)].remove(person)

    def ending(self, digits: str) -> Iterator[str]:
        """Yield those whose number may end so: only its last digits were compared."""
        sought = _end(digits)
        for place in range(bisect_left(self._ends, sought), len(self._ends)):
            end = self._ends[place]
            if not end.startswith(sought):
                return
            yield from self._persons[end]


def _end(number: str) -> str:
    """Return the last digits of a number, the last one first."""
    return number[: -TAIL - 1 : -1]


class Names:
    """Who bears which name. Persons are known by the ids of their records."""

    def __init__(self, persons: Iterable[tuple[str, str]] = ()) -> None:
        """Begin with pairs of name and person."""
        bearers: dict[str, list[str]] = {}
        for name, person in persons:
            bearers.setdefault(name, []).append(person)
        self._names: list[str] = sorted(bearers)
        self._bearers = [sorted(bearers[name]) for name in self._names]
        self._places = {name: place for place, name in enumerate(self._names)}
        of = self._names.__getitem__
        self._whole, self._inside = Lookup(of), Lookup(of)
        self._initials, self._given, self._others = Lookup(of), Lookup(of), Lookup(of)
        listed = list(enumerate(self._names))
        self._whole.load((name, place) for place, name in listed)
        self._inside.load((part, place) for place, name in listed for part in _parts(name))
        self._initials.load((initials(name, surname=True)[0], place) for place, name in listed)
        self._given.load((word, place) for place, name in listed for word in _given(name))
        self._others.load((word, place) for place, name in listed for word in _others(name))

    def add(self, name: str, person: str) -> None:
        """Add somebody of this name."""
        place = self._places.get(name)
        if place is None:
            place = self._places[name] = len(self._names)
            self._names.append(name)
            self._bearers.append([])
        if not self._bearers[place]:
            for lookup, word in self._words(name):
                lookup.add(word, place)
        insort(self._bearers[place], person)

    def remove(self, name: str, person: str) -> None:
        """Take somebody of this name away."""
        place = self._places[name]
        self._bearers[place].remove(person)
        if not self._bearers[place]:
            for lookup, word in self._words(name):
                lookup.remove(word, place)

    def _words(self, name: str) -> list[tuple[Lookup, str]]:
        """Return what leads to a name, each word of a lookup once."""
        listed = [(self._whole, name), (self._initials, initials(name, surname=True)[0])]
        for lookup, words in (
            (self._inside, _parts(name)), (self._given, _given(name)), (self._others, _others(name))
        ):  # fmt: skip
            listed += [(lookup, word) for word in dict.fromkeys(words)]
        return listed

    def bearing(self, name: str) -> list[str]:
        """Return those whose name is this."""
        place = self._places.get(name)
        return [] if place is None else list(self._bearers[place])

    def sounding(self, name: str) -> Iterator[str]:
        """Yield the names that may be read like this one, itself included."""
        found: dict[int, None] = {}
        for word in initials(name, surname=True):
            for lookup in (self._initials, self._others):
                found.update(dict.fromkeys(lookup.at(word)))
        for place in found:
            other = self._names[place]
            if sounds_alike(name, other):
                yield other

    def written(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield ("name" or "inside", person) of those whose name has this text in it."""
        yield from self._told("name", self._whole.beginning(text))
        yield from self._told("inside", self._inside.beginning(text))

    def typed(self, letters: str) -> Iterator[tuple[str, str]]:
        """Yield (why, person) of those whose initials or reading begin with these letters.

        Likely readings come before others, the whole name before the given name.
        """
        yield from self._told("initials", self._initials.beginning(letters))
        yield from self._told("given", self._given.beginning(letters))
        yield from self._told("pinyin", _spelt(self._whole, letters, surname=True))
        yield from self._told("pinyin", _spelt(self._inside, letters, surname=False))
        yield from self._told("reading", self._others.beginning(letters))

    def _told(self, why: str, places: Iterable[int]) -> Iterator[tuple[str, str]]:
        bearers = self._bearers
        for place in places:
            for person in bearers[place]:
                yield why, person


def _parts(name: str) -> list[str]:
    """Return what a name ends with, from its second character on."""
    return [name[start:] for start in range(1, len(name))]


def _given(name: str) -> list[str]:
    """Return the likely initials from the second character on."""
    likely = "".join(readings(character)[0][:1] for character in name)
    return [likely[start:] for start in range(1, len(likely))]


def _others(name: str) -> list[str]:
    """Return the initials of less likely readings."""
    found = initials(name, surname=True)[1:]
    for part in _parts(name):
        found += initials(part, surname=False)[1:]
    return found


def _spelt(lookup: Lookup, letters: str, *, surname: bool) -> Iterator[int]:
    """Yield the places of words whose reading begins with these letters, all readings counting.

    The sorted words are walked as the tree they are: character by character, only where the letters
    lead. A single letter is an initial.
    """
    if len(letters) > 1 and _SYLLABLE.match(letters):
        for first in lookup.firsts:
            for rest in _rests(letters, readings(first, surname=surname)):
                span = lookup.span(first, 0, len(lookup.words))
                yield from _walk(lookup, rest, span, 1)


def _walk(lookup: Lookup, letters: str, span: tuple[int, int], depth: int) -> Iterator[int]:
    """Yield the places of the words in a span, alike up to `depth`, that go on with `letters`."""
    words, (low, high) = lookup.words, span
    if not letters:
        for number in range(low, high):
            yield from lookup.at(words[number])
        return
    while low < high:
        word = words[low]
        if len(word) == depth:
            low += 1
            continue
        within = lookup.span(word[: depth + 1], low, high)
        for rest in _rests(letters, readings(word[depth])):
            yield from _walk(lookup, rest, within, depth + 1)
        low = within[1]


def _rests(letters: str, sounds: tuple[str, ...]) -> list[str]:
    """Return what the readings of a character leave of the letters, [""] if one needs them all."""
    if any(sound.startswith(letters) for sound in sounds):
        return [""]
    return [letters[len(sound) :] for sound in sounds if letters.startswith(sound)]
