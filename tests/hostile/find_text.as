# ends: stopped or normally
s = "a" * 10**7
for _ in range(1000): s.find("a" * 10**6 + "b")
