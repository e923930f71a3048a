// The forms of an export: archives, and folders as fuzzers and test runners want them.
#include "corpus/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- archives

static bool write_archive(struct wev_export *x, const char *place, bool zip, struct wev_error *e)
{
    struct wev_sink sink;
    struct wev_archive a;
    struct wev_span bytes;
    struct wev_line index = {NULL, 0, 0, false};
    if (!wev_sink_open(&sink, place, e)) { return false; }
    bool good = wev_archive_open(&a, &sink, zip, e);
    for (size_t k = 0; good && k < x->count; k++) {
        good = wev_export_read(x, &x->entries[k], &bytes, e) && wev_archive_add(&a, x->entries[k].name, bytes, e);
        if (!zip) { wev_line_text(&index, x->entries[k].line); }
    }
    // behind the documents: a fuzzer's seeds are documents alone
    if (good && !zip) { good = !index.failed && wev_archive_add(&a, "index.jsonl", (struct wev_span){index.p, index.n}, e); }
    if (good) {
        good = wev_archive_close(&a, e) && wev_sink_close(&sink, e);
    } else {
        wev_archive_drop(&a);
    }
    if (!good) { wev_sink_drop(&sink); }
    wev_line_free(&index);
    return good;
}

static bool write_zip(struct wev_export *x, const char *place, struct wev_error *e)
{
    return write_archive(x, place, true, e);
}

static bool write_tar(struct wev_export *x, const char *place, struct wev_error *e)
{
    return write_archive(x, place, false, e);
}

// ---- folders

static bool open_folder(struct wev_sink *s, const char *place, const char *below, struct wev_error *e)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof(path), "%s/%s", place, below);
    if (n < (int)sizeof(path)) { return wev_sink_open(s, path, e); }
    snprintf(e->text, sizeof(e->text), "%.300s: the path is too long", place);
    return false;
}

static bool write_files(struct wev_export *x, const char *place, const char *below, bool go, struct wev_error *e);

static bool write_raw(struct wev_export *x, const char *place, struct wev_error *e)
{
    return write_files(x, place, "", false, e);
}

// A seed of Go's fuzzing: a line with the version, then an expression of each argument's type.
static bool go_text(struct wev_line *l, struct wev_span bytes)
{
    char escape[8];
    l->n = 0;
    wev_line_text(l, "go test fuzz v1\n[]byte(\"");
    for (size_t k = 0; k < bytes.n; k++) {
        unsigned char c = (unsigned char)bytes.p[k];
        if (c == '"' || c == '\\') {
            wev_line_put(l, escape, (size_t)snprintf(escape, sizeof(escape), "\\%c", c));
        } else if (c >= 0x20 && c < 0x7f) {
            wev_line_put(l, &bytes.p[k], 1);
        } else {
            wev_line_put(l, escape, (size_t)snprintf(escape, sizeof(escape), "\\x%02x", c));
        }
    }
    wev_line_text(l, "\")\n");
    return !l->failed;
}

static bool write_files(struct wev_export *x, const char *place, const char *below, bool go, struct wev_error *e)
{
    struct wev_sink s;
    struct wev_span bytes;
    struct wev_line text = {NULL, 0, 0, false};
    if (!open_folder(&s, place, below, e)) { return false; }
    bool good = true;
    for (size_t k = 0; good && k < x->count; k++) {
        const struct wev_export_entry *n = &x->entries[k];
        good = wev_export_read(x, n, &bytes, e);
        if (good && go && !go_text(&text, bytes)) {
            snprintf(e->text, sizeof(e->text), "%.300s: out of memory", n->name);
            good = false;
        }
        good = good && wev_sink_file(&s, n->name, go ? (struct wev_span){text.p, text.n} : bytes, e);
    }
    wev_line_free(&text);
    if (good) { return wev_sink_close(&s, e); }
    wev_sink_drop(&s);
    return false;
}

static bool write_go(struct wev_export *x, const char *place, struct wev_error *e)
{
    return write_files(x, place, "", true, e);
}

static const char conftest[] =
    "# A test with an argument \"wev_case\" runs once a document:\n"
    "#\n"
    "#     def test_parser(wev_case):\n"
    "#         if wev_case.verdict == \"y\":\n"
    "#             mine.parse(wev_case.document)\n"
    "#         elif wev_case.verdict == \"n\" and wev_case.layer in (\"bytes\", \"xml\"):\n"
    "#             with pytest.raises(mine.Error):\n"
    "#                 mine.parse(wev_case.document)\n"
    "#\n"
    "# Written by wevcorpus export --as pytest.\n"
    "import json\n"
    "import pathlib\n"
    "\n"
    "HERE = pathlib.Path(__file__).parent\n"
    "\n"
    "\n"
    "class WevCase:\n"
    "    \"\"\"A document: verdict y (must be accepted), n (must be refused) or i (either), layer, reason, offset, defect.\"\"\"\n"
    "\n"
    "    def __init__(self, row):\n"
    "        self.row = row\n"
    "        self.path = HERE / \"documents\" / row[\"file\"]\n"
    "        self.verdict, self.layer, self.reason = row[\"verdict\"], row[\"layer\"], row[\"reason\"]\n"
    "        self.offset, self.defect = row[\"offset\"], row.get(\"class\")\n"
    "\n"
    "    @property\n"
    "    def document(self):\n"
    "        return self.path.read_bytes()\n"
    "\n"
    "\n"
    "def wev_cases():\n"
    "    with open(HERE / \"index.jsonl\", encoding=\"utf-8\") as lines:\n"
    "        return [WevCase(json.loads(line)) for line in lines]\n"
    "\n"
    "\n"
    "def pytest_generate_tests(metafunc):\n"
    "    if \"wev_case\" in metafunc.fixturenames:\n"
    "        cases = wev_cases()\n"
    "        metafunc.parametrize(\"wev_case\", cases, ids=[case.path.stem for case in cases])\n";

static bool write_pytest(struct wev_export *x, const char *place, struct wev_error *e)
{
    struct wev_sink s;
    struct wev_line index = {NULL, 0, 0, false};
    if (!open_folder(&s, place, "", e)) { return false; }
    for (size_t k = 0; k < x->count; k++) { wev_line_text(&index, x->entries[k].line); }
    bool good = !index.failed && wev_sink_file(&s, "index.jsonl", (struct wev_span){index.p, index.n}, e) &&
                wev_sink_file(&s, "conftest.py", wev_span_of(conftest), e);
    wev_line_free(&index);
    good = wev_sink_close(&s, e) && good;
    return good && write_files(x, place, "documents/", false, e);
}

const struct wev_export_form wev_export_forms[] = {
    {"libfuzzer-zip", "OUT_seed_corpus.zip, as OSS-Fuzz and ClusterFuzz take it", "_seed_corpus.zip", "_seed_corpus.zip", write_zip, false},
    {"afl-dir", "the folder OUT, for afl-fuzz -i", "", "", write_raw, true},
    {"go-fuzz", "the folder OUT, such as testdata/fuzz/FuzzDecode, for go test -fuzz", "", "", write_go, true},
    {"jazzer", "the folder OUTInputs, beside a Java test class OUT with @FuzzTest", "Inputs", "Inputs", write_raw, true},
    {"pytest", "the folder OUT: conftest.py gives tests an argument wev_case", "", "", write_pytest, true},
    {"tar", "OUT.tar: the documents and index.jsonl", ".tar", ".tar", write_tar, false},
};
const size_t wev_export_form_count = WEV_COUNT(wev_export_forms);
