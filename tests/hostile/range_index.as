# ends: stopped or ValueError
range(10**15).index(1.5)
