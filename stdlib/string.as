"""Constants, templates with `$`, and the formatter behind `str.format`."""

import _string

__all__ = [
    "ascii_letters",
    "ascii_lowercase",
    "ascii_uppercase",
    "capwords",
    "digits",
    "hexdigits",
    "octdigits",
    "printable",
    "punctuation",
    "whitespace",
    "Formatter",
    "Template",
]

whitespace = " \t\n\r\v\f"
ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdef" + "ABCDEF"
octdigits = "01234567"
punctuation = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    """Splits into words, capitalizes each, and joins them with single separators."""
    return (sep or " ").join(map(str.capitalize, s.split(sep)))


_MISSING = {}


class _Chained:
    """Keywords before a mapping."""

    def __init__(self, first, second):
        self.first = first
        self.second = second

    def __getitem__(self, key):
        if key in self.first:
            return self.first[key]
        return self.second[key]


class Template:
    """A text in which `$name` and `${name}` stand for values, and `$$` for a dollar.

    The delimiter is the class's own; patterns of names other than the default ones need regular expressions.
    """

    delimiter = "$"
    idpattern = r"(?a:[_a-z][_a-z0-9]*)"
    braceidpattern = None
    flags = None

    def __init_subclass__(cls):
        super().__init_subclass__()
        if "pattern" in cls.__dict__ or cls.idpattern != Template.idpattern or cls.braceidpattern is not None:
            raise NotImplementedError("string.Template: patterns of a subclass need the module re")

    def __init__(self, template):
        self.template = template

    def _pieces(self):
        """Yields (literal text, name, place of the delimiter, text of the whole reference).

        The name is None behind the last piece, `''` for a doubled delimiter, and False for a mistake.
        """
        template, delimiter = self.template, self.delimiter
        start = 0
        while (place := template.find(delimiter, start)) >= 0:
            literal = template[start:place]
            at = place + len(delimiter)
            if template.startswith(delimiter, at):
                start = at + len(delimiter)
                yield literal, "", place, delimiter
                continue
            is_braced = template.startswith("{", at)
            end = begin = at + is_braced
            while end < len(template) and self._fits(template[end], end > begin):
                end += 1
            name = template[begin:end]
            if is_braced:
                name = name if name and template.startswith("}", end) else False
                end += 1
            start = end if name else at
            yield literal, name or False, place, template[place:start]
        yield template[start:], None, len(template), ""

    @staticmethod
    def _fits(char, is_inside):
        return char == "_" or char in ascii_letters or (is_inside and char in digits)

    def _invalid(self, place):
        # Counted behind the delimiter, where the name should begin.
        place += len(self.delimiter)
        lines = self.template[:place].splitlines(keepends=True)
        colno = place - len("".join(lines[:-1]))
        raise ValueError("Invalid placeholder in string: line %d, col %d" % (len(lines), colno))

    def _mapping(self, mapping, keywords):
        if mapping is _MISSING:
            return keywords
        if keywords:
            return _Chained(keywords, mapping)
        return mapping

    def substitute(self, mapping=_MISSING, /, **kws):
        """The text with its values; KeyError or ValueError where that can't be."""
        mapping = self._mapping(mapping, kws)
        out = []
        for literal, name, place, _ in self._pieces():
            out.append(literal)
            if name is False:
                self._invalid(place)
            elif name:
                out.append(str(mapping[name]))
            elif name == "":
                out.append(self.delimiter)
        return "".join(out)

    def safe_substitute(self, mapping=_MISSING, /, **kws):
        """The same; what has no value stays as it is."""
        mapping = self._mapping(mapping, kws)
        out = []
        for literal, name, _, text in self._pieces():
            out.append(literal)
            if name is False:
                out.append(text)
            elif name:
                try:
                    out.append(str(mapping[name]))
                except KeyError:
                    out.append(text)
            elif name == "":
                out.append(self.delimiter)
        return "".join(out)

    def is_valid(self):
        """Whether `substitute` finds no mistake in the template."""
        return all(name is not False for _, name, _, _ in self._pieces())

    def get_identifiers(self):
        """The names, in the order in which they occur first."""
        return list(dict.fromkeys(name for _, name, _, _ in self._pieces() if name))


class Formatter:
    """`str.format` in parts that a derived class can override."""

    def format(self, format_string, /, *args, **kwargs):
        return self.vformat(format_string, args, kwargs)

    def vformat(self, format_string, args, kwargs):
        used_args = set()
        result, _ = self._vformat(format_string, args, kwargs, used_args, 2)
        self.check_unused_args(used_args, args, kwargs)
        return result

    def _vformat(self, format_string, args, kwargs, used_args, recursion_depth, auto_arg_index=0):
        if recursion_depth < 0:
            raise ValueError("Max string recursion exceeded")
        result = []
        for literal_text, field_name, format_spec, conversion in self.parse(format_string):
            if literal_text:
                result.append(literal_text)
            if field_name is None:
                continue
            first, _ = _string.formatter_field_name_split(field_name)
            if first == "":
                if auto_arg_index is False:
                    raise ValueError("cannot switch from manual field specification to automatic field numbering")
                field_name = str(auto_arg_index) + field_name
                auto_arg_index += 1
            elif isinstance(first, int):
                if auto_arg_index:
                    raise ValueError("cannot switch from manual field specification to automatic field numbering")
                auto_arg_index = False
            obj, used = self.get_field(field_name, args, kwargs)
            used_args.add(used)
            obj = self.convert_field(obj, conversion)
            format_spec, auto_arg_index = self._vformat(
                format_spec, args, kwargs, used_args, recursion_depth - 1, auto_arg_index
            )
            result.append(self.format_field(obj, format_spec))
        return "".join(result), auto_arg_index

    def get_value(self, key, args, kwargs):
        """The argument of a number or a name."""
        return args[key] if isinstance(key, int) else kwargs[key]

    def check_unused_args(self, used_args, args, kwargs):
        """Called at the end with the keys that were used."""

    def format_field(self, value, format_spec):
        return format(value, format_spec)

    def convert_field(self, value, conversion):
        if conversion is None:
            return value
        if conversion == "s":
            return str(value)
        if conversion == "r":
            return repr(value)
        if conversion == "a":
            return ascii(value)
        raise ValueError(f"Unknown conversion specifier {conversion!s}")

    def parse(self, format_string):
        """Yields (literal text, field name, spec, conversion)."""
        return _string.formatter_parser(format_string)

    def get_field(self, field_name, args, kwargs):
        """The object that a field name stands for, and the key that it begins with."""
        first, rest = _string.formatter_field_name_split(field_name)
        obj = self.get_value(first, args, kwargs)
        for is_attr, key in rest:
            obj = getattr(obj, key) if is_attr else obj[key]
        return obj, first
