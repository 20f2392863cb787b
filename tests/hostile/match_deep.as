# ends: normally
a = []
for _ in range(100000): a = [a]
match a:
    case [[[[x]]]]: print("fine")
