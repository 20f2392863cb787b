# ends: MemoryError or stopped
text = "x = 1\n"
while True:
    exec(text)
    text += text
