# ends: RecursionError
text = "exec(text)"
exec(text)
