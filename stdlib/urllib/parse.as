"""Addresses taken apart and put together (RFC 3986, and what browsers make of it).

All functions that take a str take bytes too, of ASCII, and then give bytes.
"""

from collections import namedtuple

__all__ = [
    "urlparse",
    "urlunparse",
    "urljoin",
    "urldefrag",
    "urlsplit",
    "urlunsplit",
    "urlencode",
    "parse_qs",
    "parse_qsl",
    "quote",
    "quote_plus",
    "quote_from_bytes",
    "unquote",
    "unquote_plus",
    "unquote_to_bytes",
    "DefragResult",
    "ParseResult",
    "SplitResult",
    "DefragResultBytes",
    "ParseResultBytes",
    "SplitResultBytes",
]

# Schemes whose addresses can be relative to another one.
uses_relative = [
    "", "ftp", "http", "gopher", "nntp", "imap", "wais", "file", "https", "shttp", "mms",
    "prospero", "rtsp", "rtsps", "rtspu", "sftp", "svn", "svn+ssh", "ws", "wss",
]
# Schemes with a host, behind two slashes.
uses_netloc = [
    "", "ftp", "http", "gopher", "nntp", "telnet", "imap", "wais", "file", "mms", "https", "shttp",
    "snews", "prospero", "rtsp", "rtsps", "rtspu", "rsync", "svn", "svn+ssh", "sftp", "nfs", "git", "git+ssh",
    "ws", "wss", "itms-services",
]
# Schemes with parameters behind a semicolon.
uses_params = [
    "", "ftp", "hdl", "prospero", "http", "imap", "https", "shttp", "rtsp", "rtsps", "rtspu", "sip", "sips",
    "mms", "sftp", "tel",
]

scheme_chars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-."

# Controls and space, which browsers take off at the start, and what they take out anywhere.
_CONTROLS_AND_SPACE = "".join(map(chr, range(33)))
_UNSAFE = ("\t", "\r", "\n")


def clear_cache():
    """Nothing is cached."""


# ----- str and bytes -----


def _same_type(*args):
    """The arguments as strs, and what makes of a str the type they had."""
    is_text = isinstance(args[0], str)
    for arg in args[1:]:
        # An empty default fits both.
        if arg and isinstance(arg, str) != is_text:
            raise TypeError("Cannot mix str and non-str arguments")
    if is_text:
        return *args, _keep
    return *(arg.decode("ascii", "strict") if arg else "" for arg in args), _encode_result


def _keep(result):
    return result


def _encode_result(result, encoding="ascii", errors="strict"):
    return result.encode(encoding, errors)


class _ResultOfText:
    __slots__ = ()

    def encode(self, encoding="ascii", errors="strict"):
        """The same with bytes."""
        return self._counterpart(*(part.encode(encoding, errors) for part in self))


class _ResultOfBytes:
    __slots__ = ()

    def decode(self, encoding="ascii", errors="strict"):
        """The same with strs."""
        return self._counterpart(*(part.decode(encoding, errors) for part in self))


class _Netloc:
    """User, password, host and port, from the network location of a result."""

    __slots__ = ()

    @property
    def username(self):
        return self._userinfo[0]

    @property
    def password(self):
        return self._userinfo[1]

    @property
    def hostname(self):
        hostname = self._hostinfo[0]
        if not hostname:
            return None
        # The zone of an IPv6 address keeps its case.
        percent = "%" if isinstance(hostname, str) else b"%"
        hostname, percent, zone = hostname.partition(percent)
        return hostname.lower() + percent + zone

    @property
    def port(self):
        port = self._hostinfo[1]
        if port is None:
            return None
        if not (port.isdigit() and port.isascii()):
            raise ValueError(f"Port could not be cast to integer value as {port!r}")
        port = int(port)
        if not 0 <= port <= 65535:
            raise ValueError("Port out of range 0-65535")
        return port

    @property
    def _userinfo(self):
        at, colon = ("@", ":") if isinstance(self.netloc, str) else (b"@", b":")
        userinfo, have_info, _ = self.netloc.rpartition(at)
        if not have_info:
            return None, None
        username, have_password, password = userinfo.partition(colon)
        return username, password if have_password else None

    @property
    def _hostinfo(self):
        is_text = isinstance(self.netloc, str)
        at, colon, opening, closing = ("@", ":", "[", "]") if is_text else (b"@", b":", b"[", b"]")
        _, _, hostinfo = self.netloc.rpartition(at)
        _, have_open_br, bracketed = hostinfo.partition(opening)
        if have_open_br:
            hostname, _, port = bracketed.partition(closing)
            _, _, port = port.partition(colon)
        else:
            hostname, _, port = hostinfo.partition(colon)
        return hostname, port or None


_DefragResultBase = namedtuple("_DefragResultBase", "url fragment")
_SplitResultBase = namedtuple("_SplitResultBase", "scheme netloc path query fragment")
_ParseResultBase = namedtuple("_ParseResultBase", "scheme netloc path params query fragment")

# The old name of what has the network location's parts.
ResultBase = _Netloc


class DefragResult(_DefragResultBase, _ResultOfText):
    __slots__ = ()

    def geturl(self):
        return self.url + "#" + self.fragment if self.fragment else self.url


class SplitResult(_SplitResultBase, _Netloc, _ResultOfText):
    __slots__ = ()

    def geturl(self):
        return urlunsplit(self)


class ParseResult(_ParseResultBase, _Netloc, _ResultOfText):
    __slots__ = ()

    def geturl(self):
        return urlunparse(self)


class DefragResultBytes(_DefragResultBase, _ResultOfBytes):
    __slots__ = ()

    def geturl(self):
        return self.url + b"#" + self.fragment if self.fragment else self.url


class SplitResultBytes(_SplitResultBase, _Netloc, _ResultOfBytes):
    __slots__ = ()

    def geturl(self):
        return urlunsplit(self)


class ParseResultBytes(_ParseResultBase, _Netloc, _ResultOfBytes):
    __slots__ = ()

    def geturl(self):
        return urlunparse(self)


for _text, _bytes in (
    (DefragResult, DefragResultBytes),
    (SplitResult, SplitResultBytes),
    (ParseResult, ParseResultBytes),
):
    _text._counterpart = _text._encoded_counterpart = _bytes
    _bytes._counterpart = _bytes._decoded_counterpart = _text
del _text, _bytes


def _encoded(result, coerce):
    return result if coerce is _keep else result.encode()


# ----- Apart -----


def urlparse(url, scheme="", allow_fragments=True):
    """`<scheme>://<netloc>/<path>;<params>?<query>#<fragment>` as six parts."""
    url, scheme, coerce = _same_type(url, scheme)
    scheme, netloc, path, query, fragment = urlsplit(url, scheme, allow_fragments)
    params = ""
    if scheme in uses_params and ";" in path:
        path, params = _split_params(path)
    return _encoded(ParseResult(scheme, netloc, path, params, query, fragment), coerce)


def _split_params(path):
    """Only the last part of a path has parameters."""
    place = path.find(";", path.rfind("/") + 1) if "/" in path else path.find(";")
    return (path, "") if place < 0 else (path[:place], path[place + 1 :])


def _split_netloc(url, start):
    """What is before and behind the first character that ends a network location."""
    ends = [place for place in (url.find(char, start) for char in "/?#") if place >= 0]
    end = min(ends, default=len(url))
    return url[start:end], url[end:]


def _check_netloc(netloc):
    """Compatibility forms of some characters are separators: they must not hide in a host."""
    if not netloc or netloc.isascii():
        return
    try:
        from unicodedata import normalize
    except ImportError:
        # The characters whose compatibility forms hold one of "/?#@:".
        suspicious = "\u2048\u2047\u2049\u2100\u2101\u2105\u2106\u2a74\ufe13\ufe16\ufe55\ufe56\ufe5f\ufe6b\uff03\uff0f\uff1a\uff1f\uff20"
        found = any(char in suspicious for char in netloc)
    else:
        plain = netloc
        for char in "@:#?":
            plain = plain.replace(char, "")
        normal = normalize("NFKC", plain)
        found = plain != normal and any(char in normal for char in "/?#@:")
    if found:
        raise ValueError(f"netloc {netloc!r} contains invalid characters under NFKC normalization")


def _check_bracketed_host(hostname):
    if hostname.startswith("v"):
        version, dot, address = hostname[1:].partition(".")
        is_valid = version and dot and address and all(char in "0123456789abcdefABCDEF" for char in version)
        if not is_valid or any(not (char.isalnum() or char in "-._~!$&'()*+,;=:") for char in address):
            raise ValueError("IPvFuture address is invalid")
        return
    address, _, zone = hostname.partition("%")
    if _is_ipv4(address):
        raise ValueError("An IPv4 address cannot be in brackets")
    if not _is_ipv6(address):
        raise ValueError(f"{hostname!r} does not appear to be an IPv4 or IPv6 address")


def _is_ipv4(text):
    parts = text.split(".")
    return len(parts) == 4 and all(
        part.isascii() and part.isdigit() and len(part) <= 3 and int(part) < 256 and (part == "0" or part[0] != "0")
        for part in parts
    )


def _is_ipv6(text):
    if text.count("::") > 1 or ":::" in text:
        return False
    groups = text.split(":")
    n_groups = len(groups)
    if "." in groups[-1]:
        if not _is_ipv4(groups[-1]):
            return False
        groups[-1] = "0"
        n_groups += 1
    if text.startswith(":") and not text.startswith("::") or text.endswith(":") and not text.endswith("::"):
        return False
    given = [group for group in groups if group]
    if any(len(group) > 4 or any(char not in "0123456789abcdefABCDEF" for char in group) for group in given):
        return False
    if "::" in text:
        return len(given) + (n_groups - len(groups)) <= 7
    return n_groups == 8 and len(given) == len(groups)


def urlsplit(url, scheme="", allow_fragments=True):
    """`<scheme>://<netloc>/<path>?<query>#<fragment>` as five parts."""
    url, scheme, coerce = _same_type(url, scheme)
    url = url.lstrip(_CONTROLS_AND_SPACE)
    scheme = scheme.strip(_CONTROLS_AND_SPACE)
    for char in _UNSAFE:
        url = url.replace(char, "")
        scheme = scheme.replace(char, "")
    netloc = query = fragment = ""
    place = url.find(":")
    if place > 0 and url[0].isascii() and url[0].isalpha():
        if all(char in scheme_chars for char in url[:place]):
            scheme, url = url[:place].lower(), url[place + 1 :]
    if url[:2] == "//":
        netloc, url = _split_netloc(url, 2)
        if ("[" in netloc) != ("]" in netloc):
            raise ValueError("Invalid IPv6 URL")
        if "[" in netloc:
            _check_bracketed_host(netloc.partition("[")[2].partition("]")[0])
    if allow_fragments and "#" in url:
        url, fragment = url.split("#", 1)
    if "?" in url:
        url, query = url.split("?", 1)
    _check_netloc(netloc)
    return _encoded(SplitResult(scheme, netloc, url, query, fragment), coerce)


def urldefrag(url):
    """The address without its fragment, and the fragment."""
    url, coerce = _same_type(url)
    if "#" in url:
        scheme, netloc, path, params, query, fragment = urlparse(url)
        result = DefragResult(urlunparse((scheme, netloc, path, params, query, "")), fragment)
    else:
        result = DefragResult(url, "")
    return _encoded(result, coerce)


# ----- Together -----


def urlunparse(components):
    """The address of six parts."""
    scheme, netloc, url, params, query, fragment, coerce = _same_type(*components)
    if params:
        url = f"{url};{params}"
    return coerce(urlunsplit((scheme, netloc, url, query, fragment)))


def urlunsplit(components):
    """The address of five parts."""
    scheme, netloc, url, query, fragment, coerce = _same_type(*components)
    if netloc:
        if url and url[:1] != "/":
            url = "/" + url
        url = "//" + netloc + url
    elif url[:2] == "//":
        url = "//" + url
    elif scheme and scheme in uses_netloc and (not url or url[:1] == "/"):
        url = "//" + url
    if scheme:
        url = scheme + ":" + url
    if query:
        url = url + "?" + query
    if fragment:
        url = url + "#" + fragment
    return coerce(url)


def urljoin(base, url, allow_fragments=True):
    """The address that `url` means where `base` is."""
    if not base:
        return url
    if not url:
        return base
    base, url, coerce = _same_type(base, url)
    bscheme, bnetloc, bpath, bparams, bquery, bfragment = urlparse(base, "", allow_fragments)
    scheme, netloc, path, params, query, fragment = urlparse(url, bscheme, allow_fragments)
    if scheme != bscheme or scheme not in uses_relative:
        return coerce(url)
    if scheme in uses_netloc:
        if netloc:
            return coerce(urlunparse((scheme, netloc, path, params, query, fragment)))
        netloc = bnetloc
    if not path and not params:
        return coerce(urlunparse((scheme, netloc, bpath, bparams, query or bquery, fragment)))
    path = _join_paths(bpath, path)
    return coerce(urlunparse((scheme, netloc, path, params, query, fragment)))


def _join_paths(base, path):
    """A path relative to another one, without `.` and `..`."""
    base_parts = base.split("/")
    if base_parts[-1] != "":
        # The last part is a file: what is relative is beside it.
        del base_parts[-1]
    if path[:1] == "/":
        segments = path.split("/")
    else:
        segments = base_parts + path.split("/")
        # Empty parts in the middle say nothing.
        segments[1:-1] = filter(None, segments[1:-1])
    resolved = []
    for segment in segments:
        if segment == "..":
            # Above the top is the top.
            if resolved:
                resolved.pop()
        elif segment != ".":
            resolved.append(segment)
    if segments[-1] in (".", ".."):
        resolved.append("")
    return "/".join(resolved) or "/"


# ----- Quoting -----

_HEX_VALUES = {
    (high + low).encode(): bytes.fromhex(high + low)
    for high in "0123456789ABCDEFabcdef"
    for low in "0123456789ABCDEFabcdef"
}

_ALWAYS_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")
_ALWAYS_SAFE_BYTES = bytes(sorted(_ALWAYS_SAFE))


def unquote_to_bytes(string):
    """The bytes with `%xx` replaced; a str is encoded as UTF-8 first."""
    if not string:
        # Whatever it is, it must have been a text.
        string.split
        return b""
    if isinstance(string, str):
        string = string.encode("utf-8")
    pieces = string.split(b"%")
    if len(pieces) == 1:
        return bytes(string)
    out = [pieces[0]]
    for piece in pieces[1:]:
        value = _HEX_VALUES.get(bytes(piece[:2]))
        if value is None:
            out.append(b"%")
            out.append(piece)
        else:
            out.append(value)
            out.append(piece[2:])
    return b"".join(out)


def unquote(string, encoding="utf-8", errors="replace"):
    """The text with `%xx` replaced, which are bytes in this encoding."""
    if isinstance(string, bytes):
        return _decode(unquote_to_bytes(string), encoding, errors)
    if "%" not in string:
        # Whatever it is, it must be a text.
        string.split
        return string
    if encoding is None:
        encoding = "utf-8"
    if errors is None:
        errors = "replace"
    # Runs of ASCII are decoded, what is between them is text already.
    out = []
    start = 0
    is_ascii = True
    for at, char in enumerate(string):
        if (char < "\x80") != is_ascii:
            run = string[start:at]
            out.append(unquote_to_bytes(run).decode(encoding, errors) if is_ascii else run)
            start, is_ascii = at, not is_ascii
    run = string[start:]
    out.append(unquote_to_bytes(run).decode(encoding, errors) if is_ascii else run)
    return "".join(out)


def _decode(data, encoding, errors):
    return data.decode("utf-8" if encoding is None else encoding, "replace" if errors is None else errors)


def unquote_plus(string, encoding="utf-8", errors="replace"):
    """The same, with pluses for spaces."""
    return unquote(string.replace("+", " "), encoding, errors)


def quote(string, safe="/", encoding=None, errors=None):
    """The text with `%xx` for all but letters, digits, `_.-~` and what is called safe."""
    if isinstance(string, str):
        if not string:
            return string
        string = string.encode("utf-8" if encoding is None else encoding, "strict" if errors is None else errors)
    else:
        if encoding is not None:
            raise TypeError("quote() doesn't support 'encoding' for bytes")
        if errors is not None:
            raise TypeError("quote() doesn't support 'errors' for bytes")
    return quote_from_bytes(string, safe)


def quote_plus(string, safe="", encoding=None, errors=None):
    """The same, with pluses for spaces, as in forms."""
    has_space = " " in string if isinstance(string, str) else isinstance(string, bytes) and b" " in string
    if not has_space:
        return quote(string, safe, encoding, errors)
    space = " " if isinstance(safe, str) else b" "
    return quote(string, safe + space, encoding, errors).replace(" ", "+")


def quote_from_bytes(bs, safe="/"):
    """The text of bytes, with `%xx` where needed."""
    if not isinstance(bs, (bytes, bytearray)):
        raise TypeError("quote_from_bytes() expected bytes")
    if not bs:
        return ""
    if isinstance(safe, str):
        safe = safe.encode("ascii", "ignore")
    else:
        safe = bytes([byte for byte in safe if byte < 128])
    kept = _ALWAYS_SAFE_BYTES + safe
    if not bs.strip(kept) or not bs.translate(None, kept):
        return bs.decode()
    kept = _ALWAYS_SAFE.union(safe)
    return "".join([chr(byte) if byte in kept else f"%{byte:02X}" for byte in bs])


# ----- Queries -----


def urlencode(query, doseq=False, safe="", encoding=None, errors=None, quote_via=quote_plus):
    """The query of a mapping, or of pairs; with `doseq`, a sequence as a value gives several pairs."""
    if hasattr(query, "items"):
        query = query.items()
    else:
        try:
            if len(query) and not isinstance(query[0], tuple):
                raise TypeError
        except TypeError as error:
            raise TypeError("not a valid non-string sequence or mapping object") from error

    def quoted(value):
        if isinstance(value, bytes):
            return quote_via(value, safe)
        return quote_via(str(value), safe, encoding, errors)

    pairs = []
    for key, value in query:
        key = quoted(key)
        if not doseq or isinstance(value, (str, bytes)):
            pairs.append(key + "=" + quoted(value))
            continue
        try:
            len(value)
        except TypeError:
            pairs.append(key + "=" + quoted(value))
        else:
            pairs.extend(key + "=" + quoted(element) for element in value)
    return "&".join(pairs)


def parse_qs(
    qs,
    keep_blank_values=False,
    strict_parsing=False,
    encoding="utf-8",
    errors="replace",
    max_num_fields=None,
    separator="&",
):
    """The query as a dict of lists."""
    parsed = {}
    pairs = parse_qsl(qs, keep_blank_values, strict_parsing, encoding, errors, max_num_fields, separator)
    for name, value in pairs:
        parsed.setdefault(name, []).append(value)
    return parsed


def parse_qsl(
    qs,
    keep_blank_values=False,
    strict_parsing=False,
    encoding="utf-8",
    errors="replace",
    max_num_fields=None,
    separator="&",
):
    """The query as a list of pairs."""
    if not separator or not isinstance(separator, (str, bytes)):
        raise ValueError("Separator must be of type string or bytes.")
    if isinstance(qs, str):
        if not isinstance(separator, str):
            separator = str(separator, "ascii")
        equals = "="

        def decoded(text):
            return unquote(text.replace("+", " "), encoding=encoding, errors=errors)

    else:
        if not qs:
            return []
        # Whatever gives bytes will do.
        qs = bytes(memoryview(qs))
        if isinstance(separator, str):
            separator = bytes(separator, "ascii")
        equals = b"="

        def decoded(data):
            return unquote_to_bytes(data.replace(b"+", b" "))

    if not qs:
        return []
    if max_num_fields is not None and max_num_fields < 1 + qs.count(separator):
        raise ValueError("Max number of fields exceeded")
    pairs = []
    for field in qs.split(separator):
        if not field and not strict_parsing:
            continue
        name, has_equals, value = field.partition(equals)
        if not has_equals and strict_parsing:
            raise ValueError(f"bad query field: {field!r}")
        if value or keep_blank_values:
            pairs.append((decoded(name), decoded(value)))
    return pairs


def unwrap(url):
    """`<URL:type://host/path>` without what is around it."""
    url = str(url).strip()
    if url[:1] == "<" and url[-1:] == ">":
        url = url[1:-1].strip()
    if url[:4] == "URL:":
        url = url[4:].strip()
    return url
