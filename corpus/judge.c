// wevcorpus judge: a verdict on every document of a file, a stream or a folder.
#include "corpus/commands.h"
#include "corpus/report.h"
#include "corpus/split.h"
#include "corpus/stream.h"
#include "corpus/undo.h"
#include "gen/settings.h"
#include "schema/builtin.h"
#include "schema/decode.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DOCUMENT_MAX = 4 << 20 };

struct judge {
    struct wev_settings what; // schemas and profiles
    const char *labels;
    bool json, values, view, syslog, one, quiet, streams;
    struct wev_schema *schema;
    struct wev_decoder *decoder;
    struct wev_stream *stream; // NULL: each document stands alone
    struct wev_report report;
    char *scratch; // a child of <Events> with the wrapper's start tag before it
    size_t scratch_cap;
    bool failed;
};

static const char usage[] =
    "usage: wevcorpus judge [--json [--values]] [--schema FILE]... [--profile FILE]... [--view]\n"
    "                       [--syslog] [--one] [--stream] [--labels FILE] [-q] FILE|-|DIR...\n"
    "\n"
    "  FILE is one document, a stream of events or one <Events> document; of a folder each file is one document.\n"
    "  A line is NAME:OFFSET: y EVENT:VERSION, or NAME:OFFSET+AT: n|i LAYER REASON \"what it says\": the document\n"
    "  starts at OFFSET of the input, and a strict reader stops AT bytes after that.\n"
    "\n"
    "      --json          one JSON object a document\n"
    "      --values        with --json: what was read, as \"header\": {NAME: TEXT} and \"data\": [[NAME, TEXT], ...]\n"
    "      --schema FILE   an instrumentation manifest, besides the built-in Security events\n"
    "      --profile FILE  its profile: the rules that tie fields\n"
    "      --view          the input is a copy from Event Viewer: its '- ' marks are read as blanks\n"
    "      --syslog        what stands before <Event or <?xml in a document is skipped\n"
    "      --one           the whole input is one document\n"
    "      --stream        documents are also records of one log, in their order: of each FILE or DIR by itself\n"
    "      --labels FILE   judge the slices that these JSON lines name (offset, length) and compare the verdict\n"
    "  -q, --quiet         the last line alone\n"
    "\n"
    "exit status: 0 all accepted (y or i; with --labels: all as labelled), 1 some not, 2 could not run\n";

static bool complain(struct judge *j, const char *name, const char *what)
{
    fflush(stdout);
    fprintf(stderr, "wevcorpus: %s: %s\n", name, what);
    j->failed = true;
    return false;
}

// ---- one document

// An <Events> tag that declares namespaces is needed to read its children: it is put before each.
static bool needs_head(const struct wev_slice *s)
{
    return s->kind == WEV_SPLIT_CHILD && s->head.n && memmem(s->head.p, s->head.n, "xmlns", 5);
}

static bool with_head(struct judge *j, const struct wev_slice *s, struct wev_span *out)
{
    static const char close[] = "</Events>";
    size_t n = s->head.n + s->n + sizeof(close) - 1;
    if (n > j->scratch_cap) {
        free(j->scratch);
        j->scratch = malloc(2 * n);
        j->scratch_cap = j->scratch ? 2 * n : 0;
        if (!j->scratch) { return false; }
    }
    memcpy(j->scratch, s->head.p, s->head.n);
    memcpy(j->scratch + s->head.n, s->p, s->n);
    memcpy(j->scratch + s->head.n + s->n, close, sizeof(close) - 1);
    *out = (struct wev_span){j->scratch, n};
    return true;
}

// Takes away what the head alone gave.
static void without_head(struct wev_decoded *d, const struct wev_slice *s)
{
    size_t kept = 0;
    for (size_t k = 0; k < d->also_count; k++) {
        if (d->also[k] == WEV_V_WRAPPER_EVENTS || d->also_at[k] < s->head.n) { continue; }
        d->also[kept] = d->also[k];
        d->also_at[kept++] = d->also_at[k] - s->head.n;
    }
    d->also_count = kept;
    d->at = d->at > s->head.n ? d->at - s->head.n : 0;
    if (wev_verdict_rows[d->code].verdict == 'i') {
        d->code = kept ? d->also[0] : WEV_V_OK;
        d->at = kept ? d->also_at[0] : s->n;
    }
    d->at = d->at < s->n ? d->at : s->n;
}

static bool decode(struct judge *j, const struct wev_slice *s, struct wev_decoded *out)
{
    struct wev_span doc = {s->p, s->n};
    size_t skip = 0;
    bool head = needs_head(s) && s->n <= DOCUMENT_MAX;
    if (s->n <= DOCUMENT_MAX) {
        if (j->view) { wev_undo_view(s->p, s->n); }
        if (j->syslog) { skip = wev_undo_syslog(s->p, s->n); }
    }
    if (head) {
        if (!with_head(j, s, &doc)) { return false; }
    } else {
        doc = (struct wev_span){s->p + skip, s->n - skip};
    }
    if (wev_decode_run(j->decoder, doc.p, doc.n, out) != WEV_OK) { return false; }
    if (head) {
        without_head(out, s);
    } else {
        out->at += skip;
    }
    return true;
}

// The start tag of <Events> alone, closed at once: what is wrong in it, no child shows.
static bool decode_wrapper(struct judge *j, const struct wev_slice *s, struct wev_decoded *out)
{
    struct wev_slice head = *s;
    struct wev_span doc = s->head;
    head.n = 0;
    bool closed = doc.n > 1 && doc.p[doc.n - 2] == '/';
    if (!closed && !with_head(j, &head, &doc)) { return false; }
    if (wev_decode_run(j->decoder, doc.p, doc.n, out) != WEV_OK) { return false; }
    out->at = out->at < s->n ? out->at : s->n;
    return true;
}

// What the records before it say of it. False: they cannot be kept.
static bool judge_place(struct judge *j, const char *name, struct wev_decoded *d, bool *unsure)
{
    enum wev_verdict code = WEV_V_OK;
    enum wev_stream_said said = j->stream ? wev_stream_next(j->stream, d, &code) : WEV_STREAM_FITS;
    *unsure = said == WEV_STREAM_UNSURE;
    if (said == WEV_STREAM_FULL) { return complain(j, name, "out of memory for the computers of a stream"); }
    if (said != WEV_STREAM_BREAKS) { return true; }
    d->code = code;
    d->at = 0;
    return true;
}

static bool judge_slice(struct judge *j, const char *name, const struct wev_slice *s)
{
    struct wev_decoded d = {.code = WEV_V_OK};
    struct wev_finding f = {.name = name, .offset = s->offset, .length = s->n, .decoded = &d};
    if (s->kind == WEV_SPLIT_WRAPPER) {
        if (!decode_wrapper(j, s, &d)) { return complain(j, name, "out of memory"); }
        f.wrapper = wev_verdict_rows[d.code].verdict != 'n';
    } else if (s->kind == WEV_SPLIT_CUT) {
        d.code = WEV_V_TRUNCATED;
    } else if (!decode(j, s, &d)) {
        return complain(j, name, "out of memory");
    }
    bool no_event = s->kind == WEV_SPLIT_WRAPPER || s->kind == WEV_SPLIT_CUT;
    for (unsigned h = 0; h < WEV_H_COUNT && no_event; h++) { d.event.header[h].flags = WEV_F_ABSENT; }
    bool unsure;
    if (!f.wrapper && !judge_place(j, name, &d, &unsure)) { return false; }
    wev_report_add(&j->report, &f);
    return true;
}

// ---- inputs

static bool judge_stream(struct judge *j, const char *name, int fd, bool one)
{
    struct wev_split split;
    struct wev_slice slice;
    bool good = true;
    if (!wev_split_open(&split, fd, DOCUMENT_MAX, one)) { return complain(j, name, "out of memory"); }
    while (good && wev_split_next(&split, &slice)) { good = judge_slice(j, name, &slice); }
    if (split.error) { good = complain(j, name, strerror(split.error)); }
    wev_split_close(&split);
    return good;
}

static bool judge_entry(struct judge *j, const char *folder, int at, const char *entry, size_t *count)
{
    char name[4352];
    struct stat st;
    if (fstatat(at, entry, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode)) { return true; }
    snprintf(name, sizeof(name), "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", entry);
    int fd = openat(at, entry, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) { return complain(j, name, strerror(errno)); }
    ++*count;
    bool good = judge_stream(j, name, fd, true);
    close(fd);
    return good;
}

static bool judge_folder(struct judge *j, const char *name, int fd)
{
    struct dirent **entries = NULL;
    size_t count = 0;
    bool good = true;
    int n = scandirat(fd, ".", &entries, NULL, alphasort);
    if (n < 0) { return complain(j, name, strerror(errno)); }
    for (int k = 0; k < n; k++) {
        good = judge_entry(j, name, fd, entries[k]->d_name, &count) && good;
        free(entries[k]);
    }
    free(entries);
    return count || !good ? good : complain(j, name, "no files in this folder");
}

// The value of "key": in one line, as a span; absent when it is not there.
static struct wev_span label_value(struct wev_span line, const char *key)
{
    char quoted[32];
    int n = snprintf(quoted, sizeof(quoted), "\"%s\":", key);
    const char *p = memmem(line.p, line.n, quoted, (size_t)n), *end = line.p + line.n;
    if (!p) { return (struct wev_span){NULL, 0}; }
    p += n;
    while (p < end && *p == ' ') { p++; }
    size_t k = 0;
    while (p + k < end && !strchr(",} \r\n", p[k])) { k++; }
    return (struct wev_span){p, k};
}

static bool read_label(struct wev_span line, uint64_t *offset, uint64_t *length, char *verdict, bool *of_stream)
{
    struct wev_span s = wev_span_trim(line), v = label_value(s, "verdict");
    if (!s.n || s.p[0] != '{' || s.p[s.n - 1] != '}') { return false; }
    if (!wev_span_u64(label_value(s, "offset"), offset) || !wev_span_u64(label_value(s, "length"), length)) { return false; }
    if (v.n != 3 || v.p[0] != '"' || !v.p[1] || !strchr("yni", v.p[1])) { return false; }
    *verdict = v.p[1];
    struct wev_span reason = label_value(s, "reason"), stream = WEV_SPAN("\"stream-");
    *of_stream = reason.n > stream.n && memcmp(reason.p, stream.p, stream.n) == 0;
    return true;
}

static bool read_slice(int fd, char *p, size_t n, uint64_t offset)
{
    for (size_t got = 0; got < n;) {
        ssize_t k = pread(fd, p + got, n - got, (off_t)(offset + got));
        if (k <= 0 && !(k < 0 && errno == EINTR)) { return false; }
        got += k > 0 ? (size_t)k : 0;
    }
    return true;
}

static bool judge_label(struct judge *j, const char *name, int fd, char *buf, struct wev_span line)
{
    uint64_t offset, length;
    struct wev_decoded d;
    struct wev_finding f = {.name = name, .decoded = &d};
    bool of_stream, unsure;
    if (!read_label(line, &offset, &length, &f.expected, &of_stream)) {
        return complain(j, j->labels, "not a label: an object with offset, length and verdict");
    }
    if (of_stream && !j->stream) { return complain(j, j->labels, "a label of a record in its stream: judge it with --stream"); }
    size_t n = length > DOCUMENT_MAX ? DOCUMENT_MAX + 1 : (size_t)length;
    if (!read_slice(fd, buf, n, offset)) { return complain(j, name, "ends before the last label's slice"); }
    struct wev_slice s = {.kind = WEV_SPLIT_DOCUMENT, .p = buf, .n = n, .offset = offset};
    if (!decode(j, &s, &d)) { return complain(j, name, "out of memory"); }
    if (!judge_place(j, name, &d, &unsure)) { return false; }
    if (of_stream && unsure) { f.expected = wev_verdict_rows[d.code].verdict; } // begins behind what it is about
    f.offset = offset;
    f.length = length;
    wev_report_add(&j->report, &f);
    return true;
}

static bool judge_labels(struct judge *j, const char *name, int fd)
{
    char *line = NULL, *buf = malloc(DOCUMENT_MAX + 1), where[4400];
    const char *labels = j->labels;
    size_t cap = 0, number = 0;
    bool good = buf != NULL;
    FILE *f = fopen(labels, "re");
    if (!f) { good = complain(j, labels, strerror(errno)); }
    while (good && f) {
        ssize_t n = getline(&line, &cap, f);
        if (n < 0) { break; }
        snprintf(where, sizeof(where), "%s:%zu", labels, ++number);
        j->labels = where;
        good = judge_label(j, name, fd, buf, (struct wev_span){line, (size_t)n});
    }
    j->labels = labels;
    if (f && ferror(f)) { good = complain(j, labels, "cannot be read"); }
    if (f) { fclose(f); }
    free(line);
    free(buf);
    return good;
}

static bool judge_input(struct judge *j, const char *name)
{
    bool input = !strcmp(name, "-");
    struct stat st;
    int fd = input ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) { return complain(j, name, strerror(errno)); }
    bool good;
    if (j->stream) { wev_stream_begin(j->stream); }
    if (j->labels) {
        good = S_ISREG(st.st_mode) ? judge_labels(j, name, fd) : complain(j, name, "--labels needs a regular file");
    } else {
        good = S_ISDIR(st.st_mode) ? judge_folder(j, name, fd) : judge_stream(j, input ? "-" : name, fd, j->one);
    }
    if (!input) { close(fd); }
    return good;
}

// ---- options

enum { OPT_JSON = WEV_SETTINGS_OWN, OPT_VALUES, OPT_VIEW, OPT_SYSLOG, OPT_ONE, OPT_STREAM, OPT_LABELS, OPT_HELP };

static const struct option options[] = {
    {"json", no_argument, NULL, OPT_JSON},       {"schema", required_argument, NULL, WEV_SETTINGS_SCHEMA},
    {"profile", required_argument, NULL, WEV_SETTINGS_PROFILE}, {"view", no_argument, NULL, OPT_VIEW},
    {"syslog", no_argument, NULL, OPT_SYSLOG},   {"one", no_argument, NULL, OPT_ONE},
    {"stream", no_argument, NULL, OPT_STREAM},
    {"labels", required_argument, NULL, OPT_LABELS}, {"quiet", no_argument, NULL, 'q'},
    {"values", no_argument, NULL, OPT_VALUES},   {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

// -1: go on; else the exit status.
static int take_option(struct judge *j, int c)
{
    struct wev_error error;
    enum wev_settings_taken taken = wev_settings_take(&j->what, c, optarg, &error);
    if (taken == WEV_SETTINGS_WRONG) { return fprintf(stderr, "wevcorpus: %s\n", error.text), 2; }
    if (taken == WEV_SETTINGS_TAKEN) { return -1; }
    switch (c) {
    case OPT_JSON: j->json = true; return -1;
    case OPT_VALUES: j->values = true; return -1;
    case OPT_STREAM: j->streams = true; return -1;
    case OPT_VIEW: j->view = true; return -1;
    case OPT_SYSLOG: j->syslog = true; return -1;
    case OPT_ONE: j->one = true; return -1;
    case OPT_LABELS: j->labels = optarg; return -1;
    case 'q': j->quiet = true; return -1;
    case OPT_HELP: fputs(usage, stdout); return 0;
    default: fputs("wevcorpus: try judge --help\n", stderr); return 2;
    }
}

static int run(struct judge *j, char **names)
{
    struct wev_error error;
    j->schema = wev_builtin_load(j->what.schemas, j->what.schema_count, j->what.profiles, j->what.profile_count, &error);
    if (!j->schema) {
        fprintf(stderr, "wevcorpus: %s\n", error.text);
        return 2;
    }
    j->decoder = wev_decode_new(j->schema, NULL);
    wev_report_open(&j->report, stdout, j->json, j->quiet, j->labels != NULL);
    j->report.values = j->values;
    j->stream = j->streams ? wev_stream_new() : NULL;
    bool ready = j->decoder && (j->stream || !j->streams);
    if (!ready) { complain(j, "judge", "out of memory"); }
    for (; *names && ready; names++) { judge_input(j, *names); }
    if (!wev_report_close(&j->report)) { complain(j, "standard output", strerror(errno)); }
    wev_stream_free(j->stream);
    wev_decode_free(j->decoder);
    wev_schema_free(j->schema);
    free(j->scratch);
    return j->failed ? 2 : j->report.bad > 0;
}

int wev_judge_main(int argc, char **argv)
{
    struct judge j = {.what = WEV_SETTINGS_DEFAULT};
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, "q", options, NULL)) != -1;) {
        int status = take_option(&j, c);
        if (status >= 0) { return status; }
    }
    if (optind == argc) {
        fputs("wevcorpus: judge what? Name a file, a folder or -; try judge --help\n", stderr);
        return 2;
    }
    if (j.values && !j.json) {
        fputs("wevcorpus: --values goes with --json\n", stderr);
        return 2;
    }
    return run(&j, argv + optind);
}
