"""Generators: a pipeline, delegation, generator expressions."""


def numbers(n):
    for i in range(n):
        yield i


def squares(source):
    for x in source:
        yield x * x


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        yield from tree(depth - 1)


print(sum(squares(x for x in numbers(300_000) if x % 3)), sum(tree(14)))
