"""Drives the report page in headless Chromium over chromedriver's WebDriver protocol, as page.sh says.

page.py RUN.html UNITS.html FOLDER: prints "not ok - ..." for each law that does not hold; exit 1 then. Screenshots go to FOLDER.
"""
import base64
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "End": "\ue010", "Home": "\ue011", "Left": "\ue012", "Up": "\ue013", "Right": "\ue014",
        "Down": "\ue015", "Tab": "\ue004", "PageDown": "\ue00f"}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    def __init__(self, folder):
        # A port of the driver's own choosing: it says which.
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.base = None
        for line in self.driver.stdout:
            port = re.search(r"started successfully on port (\d+)", line)
            if port:
                self.base = f"http://127.0.0.1:{port[1]}"
                break
        options = {"binary": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                   "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                            f"--user-data-dir={folder}/profile"]}
        wanted = {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options,
                                                   "goog:loggingPrefs": {"browser": "ALL"}}}}
        try:
            made = self.call("POST", f"{self.base}/session", wanted)
        except BaseException:
            self.driver.terminate()
            raise
        self.session = f"{self.base}/session/{made['sessionId']}"

    @staticmethod
    def call(method, url, body=None):
        request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {url}: {error.read().decode()[:400]}") from error

    def post(self, path, body):
        return self.call("POST", f"{self.session}{path}", body)

    def open(self, path, mark=""):
        self.post("/url", {"url": "about:blank"})  # so that a new fragment loads the page anew
        self.post("/url", {"url": f"file://{os.path.abspath(path)}{mark}"})

    def run(self, script, *args):
        return self.post("/execute/sync", {"script": script, "args": list(args)})

    def click(self, selector):
        element = self.post("/element", {"using": "css selector", "value": selector})
        self.post(f"/element/{element[ELEMENT]}/click", {})

    def press(self, *keys):
        actions = []
        for key in keys:
            value = KEYS.get(key, key)
            actions += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.post("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def choose(self, selector, value):
        self.click(f"{selector} option[value='{value}']")

    def devtools(self, command, **params):
        return self.post("/goog/cdp/execute", {"cmd": command, "params": params})

    def look(self, width, height, scheme):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def shot(self, path):
        with open(path, "wb") as f:
            f.write(base64.b64decode(self.call("GET", f"{self.session}/screenshot")))

    def complaints(self):
        return [line["message"] for line in self.post("/se/log", {"type": "browser"}) if line["level"] == "SEVERE"]

    def close(self):
        try:
            self.call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(30)


failed = 0


def check(what, got, wanted):
    global failed
    if got != wanted:
        failed = 1
        print(f"not ok - {what}: {got!r}, wanted {wanted!r}")


def truth(path):
    """What the page must show, from the data in it."""
    with open(path, encoding="utf-8") as f:
        return json.loads(re.search(r'id="data" type="application/json">(.*)</script>', f.read())[1])


ROWS = "return [...document.querySelectorAll('tbody tr:not(.layer)')].map(r => r.firstChild.textContent)"
HEADS = "return [...document.querySelectorAll('tr.layer > :first-child')].map(e => e.textContent)"
DETAIL = "return document.querySelector('#detail').innerText"
FOCUS = "const c = document.activeElement; return c.where ? [c.where.row.file, c.where.k] : c.id || c.tagName"
CHOSEN = "return [...document.querySelectorAll('[aria-selected=true]')].map(c => [c.where.row.file, c.where.k])"


def bad(result):
    return bool(result and result["counted"] and result["kind"] not in ("PASS", "ACCEPTED", "REJECTED"))


def label_of(page, file):
    with open(f"{os.path.dirname(page)}/s/index.jsonl", encoding="utf-8") as rows:
        return next(row for row in map(json.loads, rows) if row["file"] == file)


def matrix(b, page):
    """Parsers across, classes down, layer by layer; a click shows the case."""
    b.open(page)
    data = truth(page)
    check("columns", b.run("return [...document.querySelectorAll('thead th')].slice(2).map(e => e.title)"), data["parsers"])
    check("rows", len(b.run(ROWS)), len(data["cases"]))
    check("layers in their order", b.run(HEADS), ["bytes", "xml", "rule"])
    check("cells", b.run("return document.querySelectorAll('td.cell').length"), len(data["cases"]) * len(data["parsers"]))
    case = next(c for c in data["cases"] if c["class"] == "xml.tags-mismatched")
    check("a wrong cell", b.run("return [...document.querySelectorAll('td.SHOULD_HAVE_FAILED:not(.uncounted)')].map(c => c.textContent)"),
          ["✗ accepts"])
    b.click("td.SHOULD_HAVE_FAILED:not(.uncounted)")
    said = b.run(DETAIL)
    for part in (case["file"], case["rule"], case["reason"], "SHOULD_HAVE_FAILED", case["results"][0]["said"].split("\n", maxsplit=1)[0]):
        check(f"the detail says {part}", part in said, True)
    document = case["document"]
    check("the break is marked", b.run("return document.querySelector('#document mark').textContent"), document["mark"])
    check("the document is whole", b.run("return document.querySelector('#document').textContent"),
          document["before"] + document["mark"] + document["after"])
    check("the mark begins at the break", len(document["before"]) + document["skipped"], label_of(page, case["file"])["at"])
    check("the mark is seen", b.run("const m = document.querySelector('mark').getBoundingClientRect(), d = document.querySelector('#detail')"
                                    ".getBoundingClientRect(); return m.top >= d.top && m.bottom <= d.bottom"), True)
    check("the cell is chosen", b.run(CHOSEN), [[case["file"], 0]])
    check("the address names it", b.run("return location.hash"), f"#{case['file']}/0")


def keyboard(b, page):
    b.open(page)
    data = truth(page)
    files = b.run("return [...document.querySelectorAll('tbody tr:not(.layer)')].map(r => r.children[2].where.row.file)")
    check("one cell takes the focus", b.run("return document.querySelectorAll(\"td[tabindex='0']\").length"), 1)
    b.press("/")
    check("/ goes to the filter", b.run(FOCUS), "filter")
    b.press(*"level")
    check("the filter filters", b.run(ROWS), ["header-level"])
    check("and counts", b.run("return document.querySelector('#count').textContent"), f"1 of {len(data['cases'])} rows")
    b.run("document.querySelector('#filter').value = ''; document.querySelector('#filter').dispatchEvent(new Event('input'))")
    b.press("Down")
    check("down goes to the cells", b.run(FOCUS), [files[0], 0])
    b.press("Down", "Right")
    check("arrows move", b.run(FOCUS), [files[1], 1])
    b.press("Right", "Right", "Right")
    check("and stop at the edge", b.run(FOCUS), [files[1], 1])
    check("nothing is chosen by moving", b.run(CHOSEN), [])
    b.press("Enter")
    check("Enter shows", b.run(CHOSEN), [[files[1], 1]])
    check("the detail", files[1] in b.run(DETAIL), True)
    b.press("Up")
    check("then it follows", b.run(CHOSEN), [[files[0], 1]])
    check("with the detail", files[0] in b.run(DETAIL), True)
    b.press("End")
    check("End", b.run(FOCUS), [files[-1], 1])
    b.press("Home", "Left")
    check("Home", b.run(FOCUS), [files[0], 0])
    wrong = [c["file"] for c in sorted(data["cases"], key=lambda c: files.index(c["file"])) if bad(c["results"][0])]
    b.press("n")
    check("n goes to what is wrong", b.run(FOCUS), [wrong[0], 0])
    b.press("Escape")
    check("Escape goes back", b.run(FOCUS), "filter")
    b.press("Tab", "Tab", "Tab", "Tab")
    check("Tab comes to the cells", b.run(FOCUS), [wrong[0], 0])


def filters(b, page):
    b.open(page)
    data = truth(page)
    for value, keep in (("bad", lambda c: any(map(bad, c["results"]))),
                        ("differ", lambda c: len({r["kind"] for r in c["results"]}) > 1),
                        ("died", lambda c: any(r["kind"] in ("CRASH", "TIMEOUT") for r in c["results"]))):
        b.choose("#show", value)
        check(f"show {value}", len(b.run(ROWS)), sum(map(keep, data["cases"])))
    check("nothing to show", "No row matches" in b.run("return document.querySelector('#table').innerText"), True)
    b.choose("#show", "all")
    b.choose("#layer", "rule")
    check("one layer", (b.run(HEADS), b.run(ROWS)), (["rule"], ["header-level"]))
    check("an uncounted layer says so", "not counted" in b.run("return document.querySelector('tr.layer').innerText"), True)
    b.open(page, "#xml.tags-mismatched/1")
    check("a link to a class", b.run(CHOSEN), [["n_xml.tags-mismatched_1.xml", 1]])


def hostile(b, page):
    """What parsers print and documents hold is text, never markup."""
    b.open(page)
    check("no script ran", b.run("return window.pwned === undefined"), True)
    b.click("td.cell")
    check("markup is text", "<script>window.pwned" in b.run(DETAIL), True)
    check("still none", b.run("return window.pwned === undefined && document.querySelectorAll('#detail script, #detail img').length === 0"), True)


def units(b, page):
    b.open(page)
    case = next(c for c in truth(page)["cases"] if c["class"] == "bytes.utf8-overlong2")
    check("classes are rows, and count", b.run("return [...document.querySelectorAll('tbody tr:not(.layer)')].map(r => r.children[2].textContent)"),
          [{"n": "✗ accepts 4/4", "y": "✓", "i": "accepts"}[c["verdict"]] for c in truth(page)["cases"]])
    b.open(page, "#bytes.utf8-overlong2")
    said = b.run(DETAIL)
    check("how many", "4 of 4 documents are wrong" in said, True)
    check("how it is made", b.run("return document.querySelector('#make').textContent"), case["results"][0]["make"])
    check("bytes are named", b.run("return document.querySelector('mark').textContent"), "\\xc0\\xaf")


def looks(b, page, folder):
    """Light and dark, wide and narrow: readable, and nothing hangs over the edge."""
    contrast = """const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => (v /= 255, v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const back = light(getComputedStyle(document.body).backgroundColor);
      return [...document.querySelectorAll('td.cell, thead th, td.must, #count')].map(e => light(getComputedStyle(e).color))
        .reduce((least, l) => Math.min(least, (Math.max(l, back) + 0.05) / (Math.min(l, back) + 0.05)), 21)"""
    backs = {}
    for scheme in ("light", "dark"):
        for name, width, height in (("wide", 1400, 900), ("narrow", 420, 800)):
            b.look(width, height, scheme)
            b.open(page, "#n_xml.tags-mismatched_1.xml/0")
            b.shot(f"{folder}/{scheme}-{name}.png")
            check(f"{scheme} {name}: no scroll bar of the page", b.run("return document.documentElement.scrollWidth <= innerWidth"), True)
            check(f"{scheme} {name}: the chosen cell is seen",
                  b.run("const c = document.querySelector('[aria-selected=true]'), r = c.getBoundingClientRect(); "
                        "return c === document.elementFromPoint(r.left + 3, r.top + r.height / 2)"), True)
            check(f"{scheme} {name}: contrast of 4.5 or more", b.run(contrast) >= 4.5, True)
        backs[scheme] = b.run("return getComputedStyle(document.body).backgroundColor")
    check("dark is dark", backs, {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 28)"})
    b.click("#theme")
    check("the button turns it", b.run("return getComputedStyle(document.body).backgroundColor"), backs["light"])
    b.look(1400, 900, "light")


def main():
    page, made, folder = sys.argv[1:]
    started = time.monotonic()
    browser = Browser(folder)
    try:
        for test in (matrix, keyboard, filters, hostile):
            test(browser, page)
        looks(browser, page, folder)
        units(browser, made)
        check("the console is quiet", browser.complaints(), [])
    finally:
        browser.close()
    if os.environ.get("WEV_PAGE_TIME"):
        print(f"{time.monotonic() - started:.1f} s")
    sys.exit(failed)


main()
