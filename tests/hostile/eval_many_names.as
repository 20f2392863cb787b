# ends: stopped
i = 0
while True:
    exec(f"name{i} = {i}", {})
    i += 1
