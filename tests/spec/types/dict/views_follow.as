d = {"a": 1}
keys, items = d.keys(), d.items()
d["b"] = 2
print(keys, items, d.values(), len(keys), "b" in keys, ("b", 2) in items, keys | {"z"} == {"a", "b", "z"})   # expect: dict_keys(['a', 'b']) dict_items([('a', 1), ('b', 2)]) dict_values([1, 2]) 2 True True True
