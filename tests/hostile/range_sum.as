# ends: stopped
sum(range(10**15))
