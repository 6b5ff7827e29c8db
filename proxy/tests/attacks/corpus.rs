//! Heads that no honest client sends, made from tables.

/// A head, and what is wrong with it.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

const METHODS: [&str; 20] = [
    "", " ", "GET\t", "G ET", "G\0T", "GET\0", "(GET)", "GET@", "G,T", "G;T", "G\"T", "G[T", "{GET}",
    "G\x01T", "G\x7fT", "G\u{c9}T", "get", "BREW", "TRACE", "PRI",
];

const VERSIONS: [&str; 20] = [
    "",
    " ",
    "HTTP",
    "HTTP/",
    "HTTP/0.9",
    "HTTP/1.",
    "HTTP/1.2",
    "HTTP/1.10",
    "HTTP/01.1",
    "HTTP/11",
    "HTTP/2",
    "HTTP/2.0",
    "HTTP/3.0",
    "HTTP/1,1",
    "HTTP/1.1x",
    "HTTP/1.1 x",
    "http/1.1",
    "HTTPS/1.1",
    "ICY/1.1",
    "HTTP/-1.1",
];

/// What follows the first slash of a path where nothing is.
const PATHS: [&str; 38] = [
    "%",
    "%z",
    "%2",
    "%zz",
    "%0",
    "%00",
    "%00.html",
    "%ff",
    "%c0%ae%c0%ae/",
    "%c3%28",
    "%e2%82",
    "%ed%a0%80",
    "%f5%80%80%80",
    "%25",
    "%2525",
    "%2f",
    "%5c",
    "%2e%2e/",
    "..%2f",
    "..%5c",
    "../",
    "./..",
    "../../../../etc/passwd",
    "..;/",
    "%u002e",
    "\\",
    "..\\",
    "/",
    "//evil.example/",
    "index.html/",
    "index.html%00",
    "api/balance/",
    "api/../api/balance",
    "API/balance",
    "api%2fbalance",
    "api/balance%20",
    "api/balance;x",
    "con",
];

/// Bytes that may not be in a target as they are.
const RAW_BYTES: [u8; 13] = [0, 1, 8, 9, 11, 12, 13, 27, 32, 127, b'"', b'<', 0xff];

const TARGETS: [&str; 14] = [
    "*",
    "a",
    "a:80",
    "http:",
    "http:/",
    "http://",
    "http:///",
    "http://evil.example/",
    "https://evil.example/",
    "ftp://evil.example/",
    "http://user:word@evil.example/",
    "http://evil.example:99999/",
    "?",
    "#",
];

/// Delimiters and the like, which end a header's name.
const NAME_BYTES: &[u8] = b"\"(),/;<=>?@[\\]{} \0\x01\x7f\xff";

const LENGTHS: [&str; 18] = [
    "-1",
    "+5",
    "5.0",
    "1e3",
    "0x5",
    "5 5",
    "5,6",
    "5, 6",
    "five",
    "",
    " ",
    "-0",
    "\u{661}",
    "18446744073709551616",
    "99999999999999999999999",
    "1000000",
    "5\r\nContent-Length: 6",
    "5\r\nTransfer-Encoding: chunked",
];

const CODINGS: [&str; 16] = [
    "chunked",
    "Chunked",
    "xchunked",
    "chunkedx",
    "x chunked",
    "identity",
    "gzip",
    "gzip, chunked",
    "chunked, chunked",
    "chunked, identity",
    "\x0bchunked",
    "chunked\r\nTransfer-Encoding: identity",
    "chunked\r\nContent-Length: 5",
    "\"chunked\"",
    ", chunked",
    "",
];

const HOSTS: [&str; 14] = [
    "a\r\nHost: b",
    "",
    "a b",
    "a,b",
    "a/b",
    "a@b",
    "http://a",
    "a:b",
    "a:99999",
    "a?b",
    "a#b",
    "[::1",
    "a\\b",
    "<a>",
];

const LINES: [&str; 16] = [
    "no colon",
    ": no name",
    " : no name",
    " folded: at the start",
    "X : space before the colon",
    "X\t: tab before the colon",
    "X\r: y",
    "X: a\rb",
    "X: a\r\rb",
    "X: a\n\rb",
    "X: y\r\n folded",
    "X: y\r\n\tfolded",
    "\rX: y",
    "\u{feff}X: y",
    "X\u{301}: y",
    "=: x\r\n==: y\r\n\0: z",
];

const NOT_HTTP: [&[u8]; 12] = [
    b"\r\n\r\n\r\n\r\nx\r\n\r\n",
    b"\0\0\0\0\0\0\0\0\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    b"*1\r\n$4\r\nPING\r\n\r\n",
    b"EHLO mail.example\r\n\r\n",
    b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\n\r\n",
    b"\xff\xff\xff\xff\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET /\r\n\r\n",
    b"{\"method\":\"GET\"}\r\n\r\n",
];

/// Comes after a head whose length is in doubt. It must not be taken for a request.
const NEXT: &str = "0\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n";

pub(crate) fn refused(host: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: String, bytes: Vec<u8>| cases.push(Case { name, bytes });
    let rest = format!("Host: {host}\r\nConnection: close\r\n\r\n");
    let with_header = |header: &[u8]| [b"GET / HTTP/1.1\r\n", header, b"\r\n", rest.as_bytes()].concat();

    for method in METHODS {
        add(format!("method {method:?}"), format!("{method} / HTTP/1.1\r\n{rest}").into_bytes());
    }
    for version in VERSIONS {
        add(format!("version {version:?}"), format!("GET / {version}\r\n{rest}").into_bytes());
    }
    for path in PATHS {
        add(format!("path /{path}"), format!("GET /{path} HTTP/1.1\r\n{rest}").into_bytes());
    }
    for byte in RAW_BYTES {
        let bytes = [b"GET /x", &[byte][..], b"y HTTP/1.1\r\n", rest.as_bytes()].concat();
        add(format!("byte {byte} in the path"), bytes);
    }
    for byte in NAME_BYTES {
        add(format!("byte {byte} in a name"), with_header(&[b'X', *byte, b'Y', b':', b'z']));
    }
    for byte in (0..32).filter(|byte| ![b'\t', b'\n', b'\r'].contains(byte)).chain([127]) {
        add(format!("byte {byte} in a value"), with_header(&[b'X', b':', b'a', byte, b'z']));
    }
    for line in LINES {
        add(format!("line {line:?}"), with_header(line.as_bytes()));
    }
    for length in LENGTHS {
        let head = format!("Content-Length: {length}");
        add(format!("length {length:?}"), [with_header(head.as_bytes()), NEXT.into()].concat());
    }
    for coding in CODINGS {
        let head = format!("Transfer-Encoding: {coding}");
        add(format!("coding {coding:?}"), [with_header(head.as_bytes()), NEXT.into()].concat());
    }
    for bytes in NOT_HTTP {
        add(format!("not HTTP: {:?}", String::from_utf8_lossy(bytes)), bytes.to_vec());
    }
    add(
        "coding in HTTP/1.0".to_owned(),
        format!("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n{rest}{NEXT}").into_bytes(),
    );

    let long = |length: usize| "x".repeat(length);
    add("a value of 1 MiB".to_owned(), with_header(format!("X: {}", long(1 << 20)).as_bytes()));
    add("a name of 1 MiB".to_owned(), with_header(format!("{}: x", long(1 << 20)).as_bytes()));
    add("a cookie of 20 KiB".to_owned(), with_header(format!("Cookie: {}", long(20 << 10)).as_bytes()));
    add("10000 headers".to_owned(), with_header("X: y\r\n".repeat(10_000).trim_end().as_bytes()));
    add("101 short headers".to_owned(), with_header("X:y\r\n".repeat(101).trim_end().as_bytes()));
    for length in [9 << 10, 65 << 10, 1 << 20] {
        add(
            format!("a path of {length} bytes"),
            format!("GET /{} HTTP/1.1\r\n{rest}", long(length)).into_bytes(),
        );
        add(
            format!("a query of {length} bytes"),
            format!("GET /?{} HTTP/1.1\r\n{rest}", long(length)).into_bytes(),
        );
        add(
            format!("a method of {length} bytes"),
            format!("{} / HTTP/1.1\r\n{rest}", long(length)).into_bytes(),
        );
    }
    add("a line without an end".to_owned(), long(1 << 20).into_bytes());
    add("line ends without an end".to_owned(), "\r\n".repeat(1 << 19).into_bytes());
    cases
}

/// For no host, for several, or for another one.
pub(crate) fn for_other_hosts(host: &str) -> Vec<Case> {
    let for_host = |value: &str| Case {
        name: format!("host {value:?}"),
        bytes: format!("GET / HTTP/1.1\r\nHost: {value}\r\nConnection: close\r\n\r\n").into_bytes(),
    };
    let with_target = |target: &str| Case {
        name: format!("target {target}"),
        bytes: format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").into_bytes(),
    };
    let without =
        Case { name: "no host".to_owned(), bytes: b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_vec() };
    HOSTS.into_iter().map(for_host).chain(TARGETS.into_iter().map(with_target)).chain([without]).collect()
}

/// Headers that a client might hope to be mistaken for those of a trusted proxy. They mean nothing.
pub(crate) const HARMLESS: [&str; 8] = [
    "X_Forwarded_For: 127.0.0.1",
    "X_Forwarded-For: 127.0.0.1",
    "X-Forwarded-For: 127.0.0.1, , \u{661}, [::1",
    "X-Forwarded-For: 999.999.999.999\r\nX-Forwarded-For: %00",
    "Forwarded: for=\"[::1\";;;=",
    "X-Real-IP: ../../etc/passwd",
    "X-Original-URL: /readyz",
    "X-HTTP-Method-Override: DELETE",
];
