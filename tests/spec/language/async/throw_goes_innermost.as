class Forever:
    def __await__(self):
        while True:
            try:
                yield "waiting"
            except ValueError as error:
                print("inside:", error)

async def middle():
    try:
        await Forever()
    finally:
        print("middle ends")

c = middle()
print(c.send(None))   # expect: waiting
# expect: inside: first
print(c.throw(ValueError("first")))   # expect: waiting
# expect: middle ends
c.close()
