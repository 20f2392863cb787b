# ends: ValueError or normally
import sys
def hook(*args): raise ValueError("again")
sys.excepthook = hook
raise ValueError("first")
