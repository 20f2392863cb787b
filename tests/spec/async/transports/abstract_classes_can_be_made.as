import asyncio

transport = asyncio.Transport({"peername": "somebody"})
print(transport.get_extra_info("peername"), transport.get_extra_info("other", 7))  # expect: somebody 7
print(type(transport).__mro__[-2].__name__)  # expect: BaseTransport
for cls in asyncio.BaseTransport, asyncio.ReadTransport, asyncio.WriteTransport:
    print(isinstance(transport, cls), type(cls()).__name__)
    # expect: True BaseTransport
    # expect: True ReadTransport
    # expect: True WriteTransport
try:
    transport.close()
except NotImplementedError as exc:
    print(repr(exc))  # expect: NotImplementedError()


class Own(asyncio.Transport):
    def __init__(self, name):
        super().__init__()
        self.name = name


print(Own("mine").name)  # expect: mine
