# ends: normally
globals().clear()
print(1)
