# A collection that finds them dead while another one ends keeps them for their end.
ended = 0


class Ends(list):
    def __del__(self):
        global ended
        ended += 1


for i in range(150_000):
    Ends()
print("went on")  # expect: went on
import gc

gc.collect()
print(ended)  # expect: 150000
