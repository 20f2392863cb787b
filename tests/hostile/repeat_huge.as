# ends: OverflowError or MemoryError
"ab" * (2**63 - 1)
