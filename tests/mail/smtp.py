"""A mail server small enough to read, that can accept, refuse or hang."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Box:
    """What a server received; ``mode`` is accept, refuse or hang."""

    mode: str = "accept"
    url: str = ""
    messages: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


@contextmanager
def server(mode: str = "accept") -> Iterator[Box]:
    """A server on a free port of this machine, until the end of the block."""
    box = Box(mode)

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if box.mode == "hang":
                box.stop.wait(10)
                return
            self.say("220 bonjour")
            while (line := self.rfile.readline()) and not line.upper().startswith(b"QUIT"):
                self.answer(line.upper())

        def say(self, words: str) -> None:
            self.wfile.write(words.encode() + b"\r\n")

        def answer(self, line: bytes) -> None:
            if line.startswith(b"RCPT") and box.mode == "refuse":
                self.say("550 inconnu")
            elif line.startswith(b"DATA"):
                self.say("354 allez-y")
                text = b""
                while (more := self.rfile.readline()) not in (b".\r\n", b""):
                    text += more
                box.messages.append(text.decode())
                self.say("250 merci")
            else:
                self.say("250 oui")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Talk) as listening:
        box.url = f"smtp://127.0.0.1:{listening.server_address[1]}"
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield box
        finally:
            box.stop.set()
            listening.shutdown()
            thread.join()
