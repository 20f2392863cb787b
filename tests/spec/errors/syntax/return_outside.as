print("not run")
return 5  # expect error: 'return' stands outside functions
