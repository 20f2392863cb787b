# ends: TypeError
import builtins
builtins.len = None
len([])
