for text in ["1 +", "", "\n\n", "1 +\n", "a b"]:
    try:
        eval(text)
    except SyntaxError as error:
        print(repr(text), error.args)
# expect: '1 +' ('invalid syntax', ('<string>', 1, 0, '1 +', 1, 0))
# expect: '' ('invalid syntax', ('<string>', 0, 0, '', 0, 0))
# expect: '\n\n' ('invalid syntax', ('<string>', 2, 0, '\n', 2, 0))
# expect: '1 +\n' ('invalid syntax', ('<string>', 1, 4, '1 +\n', 1, 5))
# expect: 'a b' ('invalid syntax', ('<string>', 1, 3, 'a b', 1, 4))
