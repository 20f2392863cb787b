# ends: MemoryError
"{:>{w}}".format(1, w=10**11)
