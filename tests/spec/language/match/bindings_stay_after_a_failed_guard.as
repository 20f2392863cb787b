match (1, 2):
    case (a, b) if a > b:
        print("guard")
    case [*all]:
        print(all, a, b)   # expect: [1, 2] 1 2
