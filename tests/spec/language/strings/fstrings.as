name, n, pi = "Ann", 42, 3.14159
print(f"{name!r:>8}|{n:05d}|{pi:.2f}|{n:#x}|{n:,}|{1_000_000:_}")   # expect:    'Ann'|00042|3.14|0x2a|42|1_000_000
print(f"{n=} {pi = :.1f} {name=!s}")   # expect: n=42 pi = 3.1 name=Ann
print(f"{'nested ' + f'{n + 1}'} {{braces}} {n:>{n // 6}}")   # expect: nested 43 {braces}      42
print(f"""{   # expect: 43
    n  # a comment
    + 1
}""")
