"""`python -m benchmarks._sink CERTIFICATE`: a server that answers every post 202.

Speaks TLS and as little HTTP as one sender with one kept connection needs; prints its port first.
"""

import socket
import ssl
import sys


def main(certificate: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    while True:
        try:
            with context.wrap_socket(listening.accept()[0], server_side=True) as line:
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                _answer(line)
        except OSError:
            continue


def _answer(line: ssl.SSLSocket) -> None:
    waiting = b""
    while piece := line.recv(65536):
        waiting += piece
        while b"\r\n\r\n" in waiting:
            head, _blank, rest = waiting.partition(b"\r\n\r\n")
            length = _length(head)
            if len(rest) < length:
                break
            waiting = rest[length:]
            line.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


if __name__ == "__main__":
    main(*sys.argv[1:])
