def leave(how):
    for _ in range(2):
        try:
            if how == "return":
                return "returned"
            if how == "break":
                break
            if how == "continue":
                continue
            raise KeyError(how)
        except KeyError as error:
            return f"handled {error}"
        finally:
            print("finally", how)   # expect: finally return
    return "after the loop"

print(leave("return"))   # expect: returned
# expect: finally break
print(leave("break"))   # expect: after the loop
# expect: finally continue
# expect: finally continue
print(leave("continue"))   # expect: after the loop
# expect: finally raise
print(leave("raise"))   # expect: handled 'raise'
