"""syslog-ng's xml() parser: one daemon in a scratch folder, a datagram a document, a datagram of answer.

Elements of one name become one list there, of texts and of attributes: a field is the text at the place of its name, as
$(list-nth) gives it. An empty text leaves no place, and the fields behind it shift.
"""
import atexit
import json
import re
import select
import shutil
import socket
import subprocess
import tempfile
import time

CONFIG = """@version: {version}
@module xml
options {{ stats-freq(0); }};
source in {{ unix-dgram("{folder}/in" flags(no-parse) log-msg-size(1048576)); }};
destination good {{ unix-dgram("{folder}/good" template("$(format-json --key .xml.*)")); }};
destination bad {{ unix-dgram("{folder}/bad" template("reject")); }};
log {{ source(in); if {{ parser {{ xml(drop-invalid(yes)); }}; destination(good); }} else {{ destination(bad); }}; }};
"""
PATIENCE = 10


class Daemon:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="wevgen-syslog-ng-")
        atexit.register(self.close)
        said = subprocess.run(["syslog-ng", "--version"], capture_output=True, text=True, check=True).stdout
        version = next(line for line in said.splitlines() if line.startswith("Config version")).split()[-1]
        with open(f"{self.folder}/conf", "w", encoding="utf-8") as f:
            f.write(CONFIG.format(version=version, folder=self.folder))
        self.answers = {name: self.bind(name) for name in ("good", "bad")}
        state = {"-f": "conf", "-R": "persist", "-c": "control", "--pidfile": "pid"}
        names = [x for k, v in state.items() for x in (k, f"{self.folder}/{v}")]
        self.process = subprocess.Popen(["syslog-ng", "-F", "--no-caps"] + names, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.documents = self.connect()

    def bind(self, name):
        end = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        end.bind(f"{self.folder}/{name}")
        return end

    def connect(self):
        end, until = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM), time.monotonic() + PATIENCE
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
        while time.monotonic() < until:
            try:
                end.connect(f"{self.folder}/in")
                return end
            except OSError:
                time.sleep(0.02)
        raise SystemExit("syslog-ng does not listen")

    def ask(self, document):
        """The JSON of an accepted document, or None."""
        self.documents.send(document)
        ready, _, _ = select.select(list(self.answers.values()), [], [], PATIENCE)
        if not ready:
            raise SystemExit("syslog-ng does not answer")
        said = ready[0].recv(1 << 22)
        return said if ready[0] is self.answers["good"] else None

    def close(self):
        if hasattr(self, "process"):
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


daemon = Daemon()
ITEM = re.compile(r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^,]*))(?:,|$)""", re.S)


ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|.)", re.S)
ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def plain(m):
    return chr(int(m[1][1:], 16)) if len(m[1]) == 3 else ESCAPED.get(m[1], m[1])


def items(text):
    """The members of a list of syslog-ng."""
    found = [m for m in ITEM.finditer(text) if m[0] or m.end() < len(text)] if text else []
    return [ESCAPE.sub(plain, m[1] or m[2] or "") if m[3] is None else m[3] for m in found]


def parts(name, node):
    if isinstance(node, str):
        return {}, node
    return {k[1:]: v for k, v in node.items() if k.startswith("_")}, node.get(name)


def read(document):
    if not document:
        raise ValueError("an empty datagram is no message")
    said = daemon.ask(document)
    if said is None:
        raise ValueError("xml() did not match")
    event = json.loads(said).get("_xml", {}).get("Event", {})
    system = [(name, *parts(name, node)) for name, node in event.get("System", {}).items()]
    attributes, texts = parts("Data", event.get("EventData", {}).get("Data", ""))
    names, texts = items(attributes.get("Name")), items(texts)
    return system, [(name, texts[k] if k < len(texts) else "") for k, name in enumerate(names)]
