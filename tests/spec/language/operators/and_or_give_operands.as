print(0 or "x", "" and 1, [] or {} or None, 1 and 2 and 3)   # expect: x  None 3
print(not [], not "x", None or 0)   # expect: True False 0
