"""The most frequent words of the standard input, or of the files that are named."""
import sys
from collections import Counter


def lines(names):
    if not names:
        yield from sys.stdin
    for name in names:
        with open(name) as file:
            yield from file


def words(texts):
    for text in texts:
        for word in text.split():
            word = word.strip(".,;:!?()\"'").lower()
            if word:
                yield word


counts = Counter(words(lines(sys.argv[1:])))
for word, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:5]:
    print(f"{n:>6} {word}")
