from typing import Annotated, ClassVar, NamedTuple, Optional, TypedDict, get_type_hints

class Node:
    next: "Optional[Node]"
    count: ClassVar["int"]

def search(node: "Node", *, depth: Annotated[int, "levels"] = 3) -> None:
    pass

print(get_type_hints(Node))     # expect: {'next': typing.Optional[__main__.Node], 'count': typing.ClassVar[int]}
print(get_type_hints(search))   # expect: {'node': <class '__main__.Node'>, 'depth': <class 'int'>, 'return': <class 'NoneType'>}

class Point(NamedTuple):
    x: int
    y: int = 0

class Movie(TypedDict, total=False):
    title: str

print(Point(1), Movie(title="M"), Movie.__optional_keys__)   # expect: Point(x=1, y=0) {'title': 'M'} frozenset({'title'})
