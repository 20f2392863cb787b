# ends: ValueError
str(1 << 10**7)
