def middle():
    print("middle")   # expect: middle
    return 5
print(1 < middle() < 10)   # expect: True
# expect: middle
print(1 > middle() > 10)   # expect: False
print(1 < 2 < 3 == 3 != 4, 1 in [1] == True)   # expect: True False
