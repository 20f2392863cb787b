# ends: stopped or normally
s = "a" * 10**6
for _ in range(10**6): s.count("ab" * 10)
