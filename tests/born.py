"""Ask a nursery for a process, and stand for it as long as it lives: see nursery.py."""

import json
import os
import socket
import sys


def main():
    path, *words = sys.argv[1:]
    folder = os.getcwd()  # noqa: PTH109 to import pathlib takes longer than all this
    request = {"words": words, "folder": folder, "environment": dict(os.environ)}
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as nursery:
        nursery.connect(path)
        socket.send_fds(nursery, [json.dumps(request).encode()], [0, 1, 2])
        sys.exit(int(nursery.recv(100) or 1))


if __name__ == "__main__":
    main()
