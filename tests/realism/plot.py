"""Marginals as one SVG, light and dark by the reader's own setting. Draws only."""
from xml.sax.saxutils import escape

WIDTH, ROW, LEFT, BAR = 960, 20, 190, 190
STYLE = """text{font:12px system-ui,sans-serif;fill:#1f2328}.head{font-weight:600;font-size:14px}.dim{fill:#59636e}
.paper{fill:#ffffff}.a{fill:#0969da}.b{fill:#bc4c00}.line{stroke:#d1d9e0}
@media (prefers-color-scheme: dark){text{fill:#f0f6fc}.dim{fill:#9198a1}.paper{fill:#0d1117}.a{fill:#4493f8}.b{fill:#db6d28}.line{stroke:#3d444d}}"""


def text(x, y, what, kind="", anchor="start"):
    mark = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{mark} text-anchor="{anchor}">{escape(what)}</text>'


def bar(x, y, width, kind, height=10):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.8):.1f}" height="{height:.1f}" rx="2" class="{kind}"/>'


def short(s, n=27):
    return s if len(s) <= n else s[:n - 1] + "…"


def bars(x, y, title, rows, published=None):
    """One variable: a bar a value, at most nine, and what else there is in one. Returns its parts and the y below."""
    rows = [r for r in rows if r[2] > 0]
    shown, rest = (rows, []) if len(rows) <= 10 else (rows[:9], rows[9:])
    if rest:
        shown = shown + [(f"{len(rest)} others", 0, sum(share for _, _, share in rest))]
    most = max([share for _, _, share in shown] + list((published or {}).values()))
    out = [text(x, y, title, "head")]
    for value, _, share in shown:
        y += ROW
        out.append(text(x + LEFT - 8, y + 4, short(value), "", "end"))
        wide = BAR * share / most
        if published and value in published:
            out += [bar(x + LEFT, y - 6, wide, "a", 6), bar(x + LEFT, y + 1, BAR * published[value] / most, "b", 6)]
            wide = max(wide, BAR * published[value] / most)
        else:
            out.append(bar(x + LEFT, y - 5, wide, "a"))
        out.append(text(x + LEFT + wide + 6, y + 4, f"{share:.1f}", "dim"))
    return out, y + 34


def hours(x, y, table):
    """Events by hour: working days and others side by side."""
    high, step = 110, 17.5
    most = max(max(a, b) for _, a, b in table) or 1
    out = [text(x, y, "Events by hour (UTC), mean of a day", "head")]
    foot = y + 22 + high
    for h, work, free in table:
        at = x + 8 + h * step
        out += [bar(at, foot - high * work / most, 7, "a", high * work / most), bar(at + 7.5, foot - high * free / most, 7, "b", high * free / most)]
        if h % 6 == 0:
            out.append(text(at + 7, foot + 16, f"{h:02}", "dim", "middle"))
    out.append(f'<line x1="{x}" x2="{x + 24 * step + 12:.1f}" y1="{foot}" y2="{foot}" class="line"/>')
    out += [bar(x + 120, foot + 25, 10, "a"), text(x + 135, foot + 34, "Monday to Friday", "dim"), bar(x + 255, foot + 25, 10, "b"),
            text(x + 270, foot + 34, "Saturday, Sunday", "dim")]
    return out, foot + 68


def page(tables, week, base, count):
    """The whole picture: two columns of variables."""
    total = sum(base.values())
    published = {k: 100 * v / total for k, v in base.items()}
    columns, out = [40.0, 40.0], []
    left = [("event", "Event, % (orange: published base rate)"), ("subject", "Subject, %"), ("key", "Key, %"), ("version", "Event and version, %")]
    right = [("Operation", "Event and operation, %"), ("AlgorithmName", "Algorithm, %"), ("ReturnCode", "Return code, %")]
    parts, columns[1] = hours(WIDTH / 2 + 10, columns[1], week)
    out += parts
    for column, names in ((0, left), (1, right)):
        for name, title in names:
            parts, columns[column] = bars(20 + column * (WIDTH / 2 - 10), columns[column], title, tables[name],
                                          published if name == "event" else None)
            out += parts
    high = max(columns) + 6
    out.append(text(20, high - 10, f"{count} events of the default fleet", "dim"))
    body = "\n".join(out)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {high:.0f}" width="{WIDTH}" height="{high:.0f}" role="img" '
            f'aria-label="Marginals of the default fleet">\n<style>{STYLE}</style>\n'
            f'<rect class="paper" width="{WIDTH}" height="{high:.0f}"/>\n{body}\n</svg>\n')
