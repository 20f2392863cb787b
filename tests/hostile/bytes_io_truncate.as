# ends: normally
import io
s = io.BytesIO(b"abc")
s.truncate(2)
print(s.getvalue())
