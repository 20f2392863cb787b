# What is alive at the end is finalised there, collected before or not.
import gc


class Last:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print(self.name, "is over")


early = Last("early")
gc.collect()
late = Last("late")
print("the end")            # expect: the end
# expect: early is over
# expect: late is over
