from typing import Generic, List, Optional, TypeVar, Union

T = TypeVar("T")
K = TypeVar("K")

class Pair(Generic[T, K]):
    pass

print(Pair[int, T], Pair[int, T][str])               # expect: __main__.Pair[int, ~T] __main__.Pair[int, str]
print(List[T][int], Optional[int], Union[int, str])  # expect: typing.List[int] typing.Optional[int] typing.Union[int, str]
try:
    Pair[int]
except TypeError as error:
    print(error)   # expect: Too few arguments for <class '__main__.Pair'>; actual 1, expected at least 2

class Modern[A, *B]:
    pass

print(Modern[int, str, bool], Modern.__type_params__)   # expect: __main__.Modern[int, str, bool] (A, B)
