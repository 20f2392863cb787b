"""Regular expressions as the filters of warnings use them: matched at the start of a text.

Characters, escapes, classes, groups, alternatives, and greedy or lazy repetition; no back references, no assertions but
the ends of the text and `(?:...)`. It goes through all ways that fit, so that it is meant for short patterns.
"""

_special = frozenset("()[]{}?*+-|^$\\.&~# \t\n\r\v\f")


def escape(text):
    """A pattern that fits the text itself."""
    return "".join("\\" + char if char in _special else char for char in text)


_classes = {
    "d": str.isdecimal,
    "w": lambda char: char.isalnum() or char == "_",
    "s": str.isspace,
}
_controls = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "0": "\0"}


class Pattern:
    """A regular expression."""

    def __init__(self, pattern, ignores_case=False):
        self.pattern = pattern
        self.flags = 2 if ignores_case else 0
        self._at = 0
        self._tree = self._alternatives()
        if self._at < len(pattern):
            raise ValueError(f"unbalanced parenthesis at position {self._at} of {pattern!r}")

    def __eq__(self, other):
        if not isinstance(other, Pattern):
            return NotImplemented
        return (self.pattern, self.flags) == (other.pattern, other.flags)

    def __hash__(self):
        return hash((self.pattern, self.flags))

    def __repr__(self):
        return f"re.compile({self.pattern!r}{', re.IGNORECASE' if self.flags else ''})"

    def match(self, text):
        """Whether the pattern fits at the start."""
        for _ in self._tree(text, 0):
            return True
        return False

    # ----- Parsing: each part becomes a function that yields the ends of what fits at a place -----

    def _peek(self):
        return self.pattern[self._at : self._at + 1]

    def _take(self):
        char = self._peek()
        if not char:
            raise ValueError(f"unexpected end of pattern {self.pattern!r}")
        self._at += 1
        return char

    def _alternatives(self):
        branches = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]

        def fit(text, at):
            for branch in branches:
                yield from branch(text, at)

        return fit

    def _sequence(self):
        parts = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._repeated(self._part()))

        def fit(text, at, number=0):
            if number == len(parts):
                yield at
                return
            for end in parts[number](text, at):
                yield from fit(text, end, number + 1)

        return fit

    def _repeated(self, part):
        char = self._peek()
        if char == "*":
            least, most = 0, None
        elif char == "+":
            least, most = 1, None
        elif char == "?":
            least, most = 0, 1
        elif char == "{":
            end = self.pattern.find("}", self._at)
            low, comma, high = self.pattern[self._at + 1 : end].partition(",")
            if end < 0 or not (low + high).isdecimal():
                return part
            least = int(low or 0)
            most = int(high) if high else None if comma else least
            self._at = end
        else:
            return part
        self._at += 1
        if self._peek() == "?":
            self._at += 1

            def fit(text, at, count=0):
                if count >= least:
                    yield at
                if most is None or count < most:
                    for end in part(text, at):
                        if end > at:
                            yield from fit(text, end, count + 1)

            return fit

        def fit(text, at, count=0):
            if most is None or count < most:
                for end in part(text, at):
                    if end > at:
                        yield from fit(text, end, count + 1)
                    elif count + 1 >= least:
                        yield end
            if count >= least:
                yield at

        return fit

    def _part(self):
        char = self._take()
        if char == "(":
            if self._peek() == "?":
                self._at += 1
                if self._take() != ":":
                    raise ValueError(f"groups of this kind are not supported: {self.pattern!r}")
            inner = self._alternatives()
            if self._take() != ")":
                raise ValueError(f"missing ), unterminated subpattern in {self.pattern!r}")
            return inner
        if char == ".":
            return self._one(lambda char: char != "\n")
        if char == "^":
            return lambda text, at: iter((at,) if at == 0 else ())
        if char == "$":
            return lambda text, at: iter((at,) if at == len(text) or text[at:] == "\n" else ())
        if char == "[":
            return self._one(self._class())
        if char in "*+?":
            raise ValueError(f"nothing to repeat at position {self._at - 1} of {self.pattern!r}")
        if char != "\\":
            return self._one(self._same(char))
        char = self._take()
        if char == "Z":
            return lambda text, at: iter((at,) if at == len(text) else ())
        if char == "A":
            return lambda text, at: iter((at,) if at == 0 else ())
        if char == "b":
            return self._word_end
        return self._one(self._escaped(char))

    @staticmethod
    def _word_end(text, at):
        is_word = _classes["w"]
        if (at > 0 and is_word(text[at - 1])) != (at < len(text) and is_word(text[at])):
            yield at

    def _one(self, fits):
        return lambda text, at: iter((at + 1,) if at < len(text) and fits(text[at]) else ())

    def _same(self, wanted):
        if self.flags:
            wanted = wanted.lower()
            return lambda char: char.lower() == wanted
        return lambda char: char == wanted

    def _escaped(self, char):
        fits = _classes.get(char.lower())
        if fits is not None:
            return fits if char.islower() else lambda char: not fits(char)
        if char in _controls:
            return self._same(_controls[char])
        if char.isalnum():
            raise ValueError(f"the escape \\{char} is not supported: {self.pattern!r}")
        return self._same(char)

    def _class(self):
        is_negated = self._peek() == "^"
        if is_negated:
            self._at += 1
        tests = []
        first = True
        while first or self._peek() != "]":
            first = False
            char = self._take()
            if char == "\\":
                tests.append(self._escaped(self._take()))
            elif self._peek() == "-" and self.pattern[self._at + 1 : self._at + 2] not in ("", "]"):
                self._at += 1
                tests.append(self._between(char, self._take()))
            else:
                tests.append(self._same(char))
        self._at += 1
        return lambda char: any(fits(char) for fits in tests) != is_negated

    def _between(self, low, high):
        if self.flags:
            return lambda char: low <= char.lower() <= high or low <= char.upper() <= high
        return lambda char: low <= char <= high
