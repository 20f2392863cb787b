# What would take memory or hours is an error before anything is computed.
def attempt(compute):
    try:
        compute()
    except (MemoryError, OverflowError) as error:
        print(type(error).__name__)


attempt(lambda: 1 << 10 ** 14)                  # expect: MemoryError
attempt(lambda: 1 << 10 ** 30)                  # expect: OverflowError
attempt(lambda: "x" * 10 ** 14)                 # expect: MemoryError
attempt(lambda: [0] * 10 ** 14)                 # expect: MemoryError
attempt(lambda: list(range(10 ** 14)))          # expect: MemoryError
