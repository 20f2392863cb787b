# ends: MemoryError
("a" * 100000).translate({97: "b" * 100000})
