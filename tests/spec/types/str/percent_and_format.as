print("%s %r %5.2f|%-5d|%05d %x %%" % ("a", "b", 3.14159, 42, -42, 255))   # expect: a 'b'  3.14|42   |-0042 ff %
print("%(name)s is %(age)d" % {"name": "Ann", "age": 30})   # expect: Ann is 30
print("{} {0!r:>5} {x[0]} {y.real}".replace("{}", "{1}").format("a", "b", x=[9], y=5))   # expect: b   'a' 9 5
print("{:>{width}}|{:^7}|{:+d}".format("x", "mid", 5, width=4))   # expect:    x|  mid  |+5
for text, value in (("%d", "x"), ("%s %s", "a"), ("%q", 1)):
    try:
        text % value
    except (TypeError, ValueError) as error:
        print(error)   # expect: %d format: a real number is required, not str
        # expect: not enough arguments for format string
        # expect: unsupported format character 'q' (0x71) at index 1
