type Pair[T] = tuple[T, T]
class Box[T]:
    def __init__(self, item: T): self.item = item
def first[T](items: list[T]) -> T: return items[0]
print(Pair.__name__, Pair.__type_params__, Pair.__value__)   # expect: Pair (T,) tuple[T, T]
print(Box[int](5).item, Box.__type_params__, first([7, 8]))   # expect: 5 (T,) 7
