print(repr(ValueError("a", 1)), str(ValueError()), str(ValueError("a")), str(ValueError("a", 1)), ValueError("x").args)   # expect: ValueError('a', 1)  a ('a', 1) ('x',)
print(str(KeyError("k")), repr(KeyError("k")), OSError(2, "gone", "file"), OSError(2, "x").errno, type(OSError(2, "x")).__name__)   # expect: 'k' KeyError('k') [Errno 2] gone: 'file' 2 FileNotFoundError
error = StopIteration(5)
print(error.value, SystemExit(3).code, issubclass(KeyError, LookupError), ExceptionGroup("g", [error]))   # expect: 5 3 True g (1 sub-exception)
class Own(Exception):
    def __init__(self, code):
        super().__init__(f"code {code}")
        self.code = code
print(repr(Own(5)), Own(5).code)   # expect: Own('code 5') 5
