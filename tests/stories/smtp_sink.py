"""A mail server that keeps what it is given, and that a test may make slow, refusing or mortal."""

import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage


class Gone(Exception):
    """Raised by a manner: the server hangs up without a word."""


@dataclass(frozen=True)
class Delivery:
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""


# Asked before each answer with the word that is about to be answered: CONNECT, EHLO, MAIL, RCPT, DATA, QUIT, and with
# MESSAGE before a letter is kept and KEPT after it. It may sleep, raise Gone, or return another answer such as "451 Later."
Manner = Callable[[str], str | None]


class Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, manner: Manner | None = None, *, port: int = 0):
        super().__init__(("127.0.0.1", port), Conversation)
        self.manner = manner or (lambda word: None)
        self.kept: list[Delivery] = []
        self.lock = threading.Lock()

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def address(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> "Sink":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()

    def to(self, address: str) -> list[Delivery]:
        with self.lock:
            return [delivery for delivery in self.kept if address in delivery.recipients]

    def count(self) -> Counter[str]:
        """How many letters each address was sent."""
        with self.lock:
            return Counter(address for delivery in self.kept for address in delivery.recipients)

    def message_ids(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        with self.lock:
            for delivery in self.kept:
                for address in delivery.recipients:
                    found.setdefault(address, set()).add(delivery.message["Message-ID"])
        return found

    def wait_for(self, address: str, *, seconds: float = 20) -> Delivery:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := self.to(address):
                return found[-1]
            time.sleep(0.1)
        raise AssertionError(f"no letter to {address} within {seconds} s; there were letters to {sorted(self.count())}")


class Conversation(socketserver.StreamRequestHandler):
    server: Sink
    timeout = 30

    def handle(self) -> None:
        try:
            self.answer("CONNECT", "220 sink")
            while line := self.rfile.readline():
                if not self.obey(line.decode().strip()):
                    return
        except (Gone, OSError):
            return

    def obey(self, line: str) -> bool:
        word, _space, rest = line.partition(" ")
        word = word.upper()
        if word == "MAIL":
            self.sender, self.recipients = rest.partition(":")[2].split()[0].strip("<>"), []
        if word == "RCPT":
            self.recipients.append(rest.partition(":")[2].split()[0].strip("<>"))
        if word == "DATA":
            if self.answer("DATA", "354 Go on."):
                self.take()
            return True
        self.answer(word, {"QUIT": "221 Goodbye."}.get(word, "250 Well."))
        return word != "QUIT"

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise Gone  # cut off in the middle: no letter
            lines.append(line[1:] if line.startswith(b"..") else line)
        if refusal := self.server.manner("MESSAGE"):
            self.say(refusal)
            return
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        with self.server.lock:
            self.server.kept.append(Delivery(self.sender, tuple(self.recipients), message))
        self.answer("KEPT", "250 Kept.")

    def answer(self, word: str, usual: str) -> bool:
        other = self.server.manner(word)
        self.say(other or usual)
        return other is None

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
