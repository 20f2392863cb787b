class Upper(str):
    def __new__(cls, text):
        return super().__new__(cls, text.upper())
class Stack(list):
    def push(self, item):
        self.append(item)
        return self
class Default(dict):
    def __missing__(self, key):
        return f"no {key}"

text = Upper("abc")
print(text, text == "ABC", type(text + "d"), isinstance(text, str))   # expect: ABC True <class 'str'> True
print(Stack([1]).push(2), len(Stack("abc")), Stack((1, 2)) == [1, 2])   # expect: [1, 2] 3 True
print(Default(a=1)["a"], Default(a=1)["b"], Default().get("c"))   # expect: 1 no b None
