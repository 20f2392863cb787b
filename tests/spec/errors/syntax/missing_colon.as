if True  # expect error: expected ':'
    print("x")
