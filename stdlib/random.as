"""Random numbers, with CPython's sequences for the same seed.

The generator itself, `_random.Random`, is native; here are the distributions on top of it.
"""

import _random
from bisect import bisect
from itertools import accumulate
from math import acos, ceil, cos, e, exp, fabs, floor, isfinite, lgamma, log, log2, pi, sin, sqrt
from operator import index

__all__ = [
    "Random",
    "SystemRandom",
    "betavariate",
    "binomialvariate",
    "choice",
    "choices",
    "expovariate",
    "gammavariate",
    "gauss",
    "getrandbits",
    "getstate",
    "lognormvariate",
    "normalvariate",
    "paretovariate",
    "randbytes",
    "randint",
    "random",
    "randrange",
    "sample",
    "seed",
    "setstate",
    "shuffle",
    "triangular",
    "uniform",
    "vonmisesvariate",
    "weibullvariate",
]

# What the rejection methods of normalvariate and gammavariate compare with.
NV_MAGICCONST = 4 * exp(-0.5) / sqrt(2.0)
LOG4 = log(4.0)
SG_MAGICCONST = 1.0 + log(4.5)
TWOPI = 2.0 * pi

# Bits in a float, and what one bit of the fraction is worth.
BPF = 53
RECIP_BPF = 2 ** -BPF

_NO_STEP = object()


class Random(_random.Random):
    """A generator with its own state.

    A subclass may bring its own random(), seed(), getstate() and setstate(), and getrandbits() for large ranges.
    """

    VERSION = 3

    def __init__(self, x=None):
        self.seed(x)
        self.gauss_next = None

    def seed(self, a=None, version=2):
        """Sets the state from None (the system's randomness), an int, a float, a str, or bytes.

        Version 1 uses less of a str or of bytes, as old versions of Python did.
        """
        if isinstance(a, (str, bytes)) and version == 1:
            super().seed(_old_hash(a))
        elif isinstance(a, (str, bytes, bytearray)) and version == 2:
            super()._seed_text(a.encode() if isinstance(a, str) else a)
        elif a is None or isinstance(a, (int, float, str, bytes, bytearray)):
            super().seed(a)
        else:
            raise TypeError(
                "The only supported seed types are:\n" "None, int, float, str, bytes, and bytearray."
            )
        self.gauss_next = None

    def getstate(self):
        """The state, for setstate()."""
        return self.VERSION, super().getstate(), self.gauss_next

    def setstate(self, state):
        """Goes back to a state that getstate() gave."""
        version = state[0]
        if version not in (2, 3):
            raise ValueError(
                "state with version %s passed to Random.setstate() of version %s" % (version, self.VERSION)
            )
        _, words, self.gauss_next = state
        if version == 2:
            # Versions of old had signed words on some machines.
            try:
                words = tuple(word % 2**32 for word in words)
            except ValueError as error:
                raise TypeError from error
        super().setstate(words)

    def __getstate__(self):
        return self.getstate()

    def __setstate__(self, state):
        self.setstate(state)

    def __reduce__(self):
        return self.__class__, (), self.getstate()

    def __init_subclass__(cls, /, **kwargs):
        # Whichever of these a class brings last decides how ints are drawn.
        for base in cls.__mro__:
            own = base.__dict__
            if "_randbelow" in own:
                break
            if "getrandbits" in own:
                cls._randbelow = cls._randbelow_with_getrandbits
                break
            if "random" in own:
                cls._randbelow = cls._randbelow_without_getrandbits
                break

    # ----- Ints -----

    # The native one draws from the native generator.
    _randbelow = _random.Random._randbelow

    def _randbelow_with_getrandbits(self, n):
        """An int below n, by getrandbits()."""
        n_bits = n.bit_length()
        while True:
            drawn = self.getrandbits(n_bits)
            if drawn < n:
                return drawn

    def _randbelow_without_getrandbits(self, n, maxsize=1 << BPF):
        """An int below n, by random() alone."""
        if n >= maxsize:
            from warnings import warn

            warn(
                "Underlying random() generator does not supply \n"
                "enough bits to choose from a population range this large.\n"
                "To remove the range limitation, add a getrandbits() method."
            )
            return floor(self.random() * n)
        # Above this, the last numbers would be less likely than the others.
        limit = (maxsize - maxsize % n) / maxsize
        while True:
            drawn = self.random()
            if drawn < limit:
                return floor(drawn * maxsize) % n

    def randbytes(self, n):
        """n random bytes."""
        return self.getrandbits(n * 8).to_bytes(n, "little")

    def randrange(self, start, stop=None, step=_NO_STEP):
        """A number of range(start, stop, step)."""
        first = index(start)
        if stop is None:
            if step is not _NO_STEP:
                raise TypeError("Missing a non-None stop argument")
            if first > 0:
                return self._randbelow(first)
            raise ValueError("empty range for randrange()")
        width = index(stop) - first
        stride = 1 if step is _NO_STEP else index(step)
        if stride == 1:
            if width > 0:
                return first + self._randbelow(width)
            raise ValueError(f"empty range in randrange({start}, {stop})")
        if stride == 0:
            raise ValueError("zero step for randrange()")
        n_numbers = (width + stride + (-1 if stride > 0 else 1)) // stride
        if n_numbers <= 0:
            raise ValueError(f"empty range in randrange({start}, {stop}, {step})")
        return first + stride * self._randbelow(n_numbers)

    def randint(self, a, b):
        """A number from a to b, both included."""
        return self.randrange(a, b + 1)

    # ----- Sequences -----

    def choice(self, seq):
        """One of the items."""
        n_items = len(seq)
        if not n_items:
            raise IndexError("Cannot choose from an empty sequence")
        return seq[self._randbelow(n_items)]

    def shuffle(self, x):
        """Shuffles a list in place."""
        randbelow = self._randbelow
        for last in range(len(x) - 1, 0, -1):
            other = randbelow(last + 1)
            x[last], x[other] = x[other], x[last]

    def sample(self, population, k, *, counts=None):
        """k different items; counts says how often each is in the population."""
        if not _is_sequence(population):
            raise TypeError("Population must be a sequence.  For dicts or sets, use sorted(d).")
        n_items = len(population)
        if counts is not None:
            return self._sample_counted(population, k, counts)
        if not 0 <= k <= n_items:
            raise ValueError("Sample larger than population or is negative")
        # A copy of the population, or a set of what was chosen: whichever takes less memory.
        set_size = 21
        if k > 5:
            set_size += 4 ** ceil(log(k * 3, 4))
        if n_items <= set_size:
            return self._sample_from_pool(list(population), k)
        randbelow = self._randbelow
        chosen = set()
        result = []
        for _ in range(k):
            place = randbelow(n_items)
            while place in chosen:
                place = randbelow(n_items)
            chosen.add(place)
            result.append(population[place])
        return result

    def _sample_from_pool(self, pool, k):
        randbelow = self._randbelow
        result = []
        for n_left in range(len(pool), len(pool) - k, -1):
            place = randbelow(n_left)
            result.append(pool[place])
            # The last one that was not chosen takes the vacant place.
            pool[place] = pool[n_left - 1]
        return result

    def _sample_counted(self, population, k, counts):
        ends = list(accumulate(counts))
        if len(ends) != len(population):
            raise ValueError("The number of counts does not match the population")
        total = ends.pop()
        if not isinstance(total, int):
            raise TypeError("Counts must be integers")
        if total <= 0:
            raise ValueError("Total of counts must be greater than zero")
        return [population[bisect(ends, place)] for place in self.sample(range(total), k=k)]

    def choices(self, population, weights=None, *, cum_weights=None, k=1):
        """k items, each of which may come again."""
        random = self.random
        n_items = len(population)
        if cum_weights is None:
            if weights is None:
                size = float(n_items)
                return [population[floor(random() * size)] for _ in range(k)]
            try:
                cum_weights = list(accumulate(weights))
            except TypeError:
                if not isinstance(weights, int):
                    raise
                k = weights
                raise TypeError(f"The number of choices must be a keyword argument: {k=}") from None
        elif weights is not None:
            raise TypeError("Cannot specify both weights and cumulative weights")
        if len(cum_weights) != n_items:
            raise ValueError("The number of weights does not match the population")
        total = cum_weights[-1] + 0.0
        if total <= 0.0:
            raise ValueError("Total of weights must be greater than zero")
        if not isfinite(total):
            raise ValueError("Total of weights must be finite")
        last = n_items - 1
        return [population[bisect(cum_weights, random() * total, 0, last)] for _ in range(k)]

    # ----- Distributions -----

    def uniform(self, a, b):
        """Between a and b."""
        return a + (b - a) * self.random()

    def triangular(self, low=0.0, high=1.0, mode=None):
        """Between low and high, most often near mode."""
        drawn = self.random()
        try:
            peak = 0.5 if mode is None else (mode - low) / (high - low)
        except ZeroDivisionError:
            return low
        if drawn > peak:
            drawn, peak = 1.0 - drawn, 1.0 - peak
            low, high = high, low
        return low + (high - low) * sqrt(drawn * peak)

    def normalvariate(self, mu=0.0, sigma=1.0):
        """The normal distribution with a mean and a standard deviation."""
        # Kinderman and Monahan's ratio of uniform deviates.
        while True:
            drawn = self.random()
            other = 1.0 - self.random()
            z = NV_MAGICCONST * (drawn - 0.5) / other
            if z * z / 4.0 <= -log(other):
                return mu + z * sigma

    def gauss(self, mu=0.0, sigma=1.0):
        """The normal distribution, two numbers at a time: the second one is kept for the next call."""
        z, self.gauss_next = self.gauss_next, None
        if z is None:
            angle = self.random() * TWOPI
            radius = sqrt(-2.0 * log(1.0 - self.random()))
            z = cos(angle) * radius
            self.gauss_next = sin(angle) * radius
        return mu + z * sigma

    def lognormvariate(self, mu, sigma):
        """What has a normally distributed logarithm."""
        return exp(self.normalvariate(mu, sigma))

    def expovariate(self, lambd=1.0):
        """The exponential distribution with the mean 1 / lambd."""
        return -log(1.0 - self.random()) / lambd

    def vonmisesvariate(self, mu, kappa):
        """Angles around mu, the more closely the larger kappa is."""
        random = self.random
        if kappa <= 1e-6:
            return TWOPI * random()
        # Fisher's method: a wrapped Cauchy distribution as the envelope.
        half = 0.5 / kappa
        r = half + sqrt(1.0 + half * half)
        while True:
            z = cos(pi * random())
            d = z / (r + z)
            drawn = random()
            if drawn < 1.0 - d * d or drawn <= (1.0 - d) * exp(d):
                break
        q = 1.0 / r
        angle = acos((q + z) / (1.0 + q * z))
        return (mu + angle if random() > 0.5 else mu - angle) % TWOPI

    def gammavariate(self, alpha, beta):
        """The gamma distribution with shape alpha and scale beta."""
        if alpha <= 0.0 or beta <= 0.0:
            raise ValueError("gammavariate: alpha and beta must be > 0.0")
        if alpha > 1.0:
            return self._gamma_above_one(alpha) * beta
        if alpha == 1.0:
            return -log(1.0 - self.random()) * beta
        # Ahrens and Dieter's method.
        while True:
            b = (e + alpha) / e
            p = b * self.random()
            x = p ** (1.0 / alpha) if p <= 1.0 else -log((b - p) / alpha)
            drawn = self.random()
            if drawn <= (x ** (alpha - 1.0) if p > 1.0 else exp(-x)):
                return x * beta

    def _gamma_above_one(self, alpha):
        # Cheng's method.
        inverse = sqrt(2.0 * alpha - 1.0)
        b = alpha - LOG4
        c = alpha + inverse
        while True:
            drawn = self.random()
            if not 1e-7 < drawn < 0.9999999:
                continue
            other = 1.0 - self.random()
            v = log(drawn / (1.0 - drawn)) / inverse
            x = alpha * exp(v)
            z = drawn * drawn * other
            r = b + c * v - x
            if r + SG_MAGICCONST - 4.5 * z >= 0.0 or r >= log(z):
                return x

    def betavariate(self, alpha, beta):
        """The beta distribution, between 0 and 1."""
        y = self.gammavariate(alpha, 1.0)
        return y / (y + self.gammavariate(beta, 1.0)) if y else 0.0

    def paretovariate(self, alpha):
        """The Pareto distribution."""
        return (1.0 - self.random()) ** (-1.0 / alpha)

    def weibullvariate(self, alpha, beta):
        """The Weibull distribution with scale alpha and shape beta."""
        return alpha * (-log(1.0 - self.random())) ** (1.0 / beta)

    def binomialvariate(self, n=1, p=0.5):
        """How many of n trials succeed, each with the probability p."""
        if n < 0:
            raise ValueError("n must be non-negative")
        if p <= 0.0 or p >= 1.0:
            if p == 0.0:
                return 0
            if p == 1.0:
                return n
            raise ValueError("p must be in the range 0.0 <= p <= 1.0")
        if n == 1:
            return index(self.random() < p)
        if p > 0.5:
            return n - self.binomialvariate(n, 1.0 - p)
        if n * p < 10.0:
            return self._binomial_by_gaps(n, p)
        return self._binomial_by_rejection(n, p)

    def _binomial_by_gaps(self, n, p):
        # Devroye's method: the gaps between successes are geometrically distributed.
        place = n_successes = 0
        scale = log2(1.0 - p)
        if not scale:
            return n_successes
        while True:
            place += floor(log2(self.random()) / scale) + 1
            if place > n:
                return n_successes
            n_successes += 1

    def _binomial_by_rejection(self, n, p):
        # Hörmann's method: transformed rejection with squeeze.
        random = self.random
        deviation = sqrt(n * p * (1.0 - p))
        b = 1.15 + 2.53 * deviation
        a = -0.0873 + 0.0248 * b + 0.01 * p
        c = n * p + 0.5
        ceiling = 0.92 - 4.2 / b
        mode = None
        while True:
            u = random() - 0.5
            distance = 0.5 - fabs(u)
            k = floor((2.0 * a / distance + b) * u + c)
            if k < 0 or k > n:
                continue
            v = random()
            if distance >= 0.07 and v <= ceiling:
                return k
            if mode is None:
                alpha = (2.83 + 5.1 / b) * deviation
                odds = log(p / (1.0 - p))
                mode = floor((n + 1) * p)
                height = lgamma(mode + 1) + lgamma(n - mode + 1)
            v *= alpha / (a / (distance * distance) + b)
            if log(v) <= height - lgamma(k + 1) - lgamma(n - k + 1) + (k - mode) * odds:
                return k


class SystemRandom(Random):
    """A generator on the system's randomness, without a state of its own."""

    def random(self):
        """A float from 0 to 1, 1 not included."""
        return (int.from_bytes(_random._system_bytes(7)) >> 3) * RECIP_BPF

    def getrandbits(self, k):
        """An int of k random bits."""
        if k < 0:
            raise ValueError("number of bits must be non-negative")
        n_bytes = (k + 7) // 8
        return int.from_bytes(_random._system_bytes(n_bytes)) >> (n_bytes * 8 - k)

    def randbytes(self, n):
        """n random bytes."""
        return _random._system_bytes(n)

    def seed(self, *args, **kwds):
        """Nothing: there is no state."""
        return None

    def _notimplemented(self, *args, **kwds):
        raise NotImplementedError("System entropy source does not have state.")

    getstate = setstate = _notimplemented


def _old_hash(text):
    """The number that version 1 of the seeds makes of a str or of bytes."""
    codes = [ord(char) for char in (text.decode("latin-1") if isinstance(text, bytes) else text)]
    number = codes[0] << 7 if codes else 0
    for code in codes:
        number = (1000003 * number ^ code) & 0xFFFFFFFFFFFFFFFF
    number ^= len(codes)
    return -2 if number == -1 else number


def _is_sequence(population):
    if isinstance(population, (list, tuple, range, str, bytes, bytearray)):
        return True
    from collections.abc import Sequence

    return isinstance(population, Sequence)


_inst = Random()
seed = _inst.seed
random = _inst.random
uniform = _inst.uniform
triangular = _inst.triangular
randint = _inst.randint
choice = _inst.choice
randrange = _inst.randrange
sample = _inst.sample
shuffle = _inst.shuffle
choices = _inst.choices
normalvariate = _inst.normalvariate
lognormvariate = _inst.lognormvariate
expovariate = _inst.expovariate
vonmisesvariate = _inst.vonmisesvariate
gammavariate = _inst.gammavariate
gauss = _inst.gauss
betavariate = _inst.betavariate
binomialvariate = _inst.binomialvariate
paretovariate = _inst.paretovariate
weibullvariate = _inst.weibullvariate
getstate = _inst.getstate
setstate = _inst.setstate
getrandbits = _inst.getrandbits
randbytes = _inst.randbytes
