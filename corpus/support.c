// wevcorpus support: can the profile make these real records? Every value, and the rules that tie them.
#include "corpus/commands.h"
#include "corpus/nearest.h"
#include "corpus/real.h"
#include "gen/make.h"
#include "gen/out.h"
#include "gen/settings.h"
#include "schema/builtin.h"
#include "schema/support.h"

#include <dirent.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BUF_CAP = 1 << 20, DEPTH_MAX = 8 };

struct support {
    struct wev_settings what; // schemas and profiles
    bool json, quiet, failed;
    struct wev_schema *schema;
    struct wev_decoder *decoder;
    struct wev_options *options; // of the event that was printed last
    const struct wev_event_def *printed;
    char *buf;
    const char *file;
    uint64_t records, fit, misfit, unknown;
};

static const char usage[] =
    "usage: wevcorpus support [--json] [--schema FILE]... [--profile FILE]... [-q] FILE|DIR...\n"
    "\n"
    "  Holds real records against the profile: it must be able to make each value, and no rule may be broken.\n"
    "  A file holds records as XML (EvtRender, RenderedXml, Event Viewer's copy, python-evtx, behind a syslog header), JSON\n"
    "  (NXLog, Logstash, Winlogbeat, Wazuh, judge --values) or rendered messages, one or many; of a folder every file is\n"
    "  read, folders in it too. What is not told, or was anonymised, is not held against the record.\n"
    "\n"
    "      --json          one JSON object a record: known, problems, named (values that only a name of one's own\n"
    "                      explains), notes, header, data\n"
    "      --schema FILE   an instrumentation manifest, besides the built-in Security events\n"
    "      --profile FILE  its profile\n"
    "  -q, --quiet         only records that do not fit, and the last line\n"
    "\n"
    "exit status: 0 all fit, 1 some do not, 2 could not run or found no record\n";

static void complain(struct support *s, const char *name, const char *what)
{
    fflush(stdout);
    fprintf(stderr, "wevcorpus: %s: %s\n", name, what);
    s->failed = true;
}

// ---- one record

static void misfit(struct wev_real *r, struct wev_span name, const char *value, const struct wev_node *node)
{
    char nearest[256];
    wev_nearest_pattern(r->event.def->profile, node, wev_span_of(value), nearest, sizeof(nearest));
    bool same = !strcmp(nearest, value);
    wev_real_problem(r, name, value, same ? "the profile makes this value, but not beside the others" : "the profile cannot make this value",
                     same ? NULL : nearest);
}

static void check_values(struct wev_real *r, json_t *named)
{
    const struct wev_event_def *def = r->event.def;
    for (size_t k = 0; k < r->event.value_count; k++) {
        const struct wev_field *f = &def->body->fields[k];
        if (!r->told[k]) { continue; }
        if (!wev_support_field(def, k, &r->event, false)) {
            misfit(r, f->name, wev_real_field(r, f->name), def->profile->fields[k]);
        } else if (!wev_support_field(def, k, &r->event, true)) {
            json_array_append_new(named, json_stringn(f->name.p, f->name.n));
        }
    }
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        // NXLog writes the channel as its query had it
        if (!r->header_told[h] || h == WEV_H_CHANNEL || wev_support_header(def, (enum wev_header)h, &r->event)) { continue; }
        misfit(r, wev_span_of(wev_header_names[h]), wev_real_header(r, (enum wev_header)h), def->profile->header[h]);
    }
}

static bool options_for(struct support *s, const struct wev_event_def *def)
{
    char events[512], error[480];
    if (s->printed == def && s->options) { return true; }
    snprintf(events, sizeof(events), "%.*s/%u:%u", (int)def->provider->name.n, def->provider->name.p, def->id, def->version);
    struct wev_config c = {.events = events, .format = "xml"};
    wev_options_free(s->options);
    s->options = wev_options_new(s->schema, &c, error, sizeof(error));
    s->printed = def;
    return s->options != NULL;
}

static void fill_header(struct wev_event *e, enum wev_header h, struct wev_value v)
{
    if (!(e->header[h].flags & WEV_F_ABSENT)) { return; }
    v.type = wev_header_types[h];
    e->header[h] = v;
}

// A whole event: what the record does not tell of its header is as the manifest says, and as late as its latest time.
static struct wev_event completed(const struct wev_real *r, bool failure)
{
    struct wev_event e = r->event;
    const struct wev_event_def *def = e.def;
    uint64_t latest = 133400000000000000u;
    for (size_t k = 0; k < e.value_count; k++) {
        if (e.value[k].type == WEV_T_FILETIME && e.value[k].is.u > latest) { latest = e.value[k].is.u; }
    }
    uint64_t keywords = failure ? (def->keywords & ~0x0030000000000000u) | 0x0010000000000000u : def->keywords;
    fill_header(&e, WEV_H_PROVIDER, (struct wev_value){.n = (uint32_t)def->provider->name.n, .is.text = def->provider->name.p});
    fill_header(&e, WEV_H_GUID, (struct wev_value){.is.guid = &def->provider->guid});
    fill_header(&e, WEV_H_EVENT_ID, (struct wev_value){.is.u = def->id});
    fill_header(&e, WEV_H_VERSION, (struct wev_value){.is.u = def->version});
    fill_header(&e, WEV_H_LEVEL, (struct wev_value){.is.u = def->level});
    fill_header(&e, WEV_H_TASK, (struct wev_value){.is.u = def->task});
    fill_header(&e, WEV_H_OPCODE, (struct wev_value){.is.u = def->opcode});
    fill_header(&e, WEV_H_KEYWORDS, (struct wev_value){.is.u = keywords});
    fill_header(&e, WEV_H_TIME, (struct wev_value){.digits = 7, .is.u = latest});
    fill_header(&e, WEV_H_RECORD_ID, (struct wev_value){.is.u = 1});
    fill_header(&e, WEV_H_PROCESS_ID, (struct wev_value){.is.u = 4});
    fill_header(&e, WEV_H_THREAD_ID, (struct wev_value){.is.u = 4});
    fill_header(&e, WEV_H_CHANNEL, (struct wev_value){.n = (uint32_t)def->channel.n, .is.text = def->channel.p});
    fill_header(&e, WEV_H_COMPUTER, (struct wev_value){.n = 4, .is.text = "HOST"});
    return e;
}

// The rule that the event breaks, by the reference decoder on its bytes. False: it could not be asked.
static bool broken_rule(struct support *s, const struct wev_event *e, struct wev_decoded *d)
{
    if (!options_for(s, e->def)) { return false; }
    size_t n = wev_out_event(&s->options->plan->groups[0].events[0], e, s->buf, BUF_CAP);
    return n <= BUF_CAP && wev_decode_run(s->decoder, s->buf, n, d) == WEV_OK;
}

static void check_rules(struct support *s, struct wev_real *r)
{
    struct wev_decoded d = {.code = WEV_V_OK};
    for (size_t k = 0; k < r->event.value_count; k++) {
        if (!r->told[k]) {
            wev_real_note(r, "the rules were not checked, since a field is not told");
            return;
        }
    }
    struct wev_event e = completed(r, false);
    bool asked = broken_rule(s, &e, &d);
    if (asked && d.code == WEV_V_RULE && !r->header_told[WEV_H_KEYWORDS]) {
        e = completed(r, true);
        asked = broken_rule(s, &e, &d);
    }
    if (!asked) {
        complain(s, s->file, "out of memory");
    } else if (d.code == WEV_V_RULE && d.rule) {
        char what[256];
        snprintf(what, sizeof(what), "%.*s", (int)d.rule->text.n, d.rule->text.p);
        wev_real_problem(r, d.rule->name, "", what, NULL);
    } else if (wev_verdict_rows[d.code].verdict == 'n') {
        wev_real_problem(r, WEV_SPAN("document"), "", wev_verdict_rows[d.code].text, NULL);
    }
}

// ---- what is said

static void say_json(const struct support *s, const struct wev_real *r, json_t *named)
{
    json_t *o = json_pack("{s:s,s:I,s:s,s:b,s:O,s:O,s:O,s:O,s:O}", "file", s->file, "record", (json_int_t)r->number, "shape", r->shape,
                          "known", r->event.def != NULL, "problems", r->problems, "named", named, "notes", r->notes, "header", r->header,
                          "data", r->data);
    if (!o || json_dumpf(o, stdout, JSON_COMPACT) != 0) { fputs("{}", stdout); }
    putchar('\n');
    json_decref(o);
}

static void say_text(const struct support *s, const struct wev_real *r)
{
    size_t k;
    json_t *p;
    const char *id = wev_real_header(r, WEV_H_EVENT_ID);
    bool fits = json_array_size(r->problems) == 0;
    if (s->quiet && fits) { return; }
    printf("%s:%zu: %s %s", s->file, r->number, r->shape, id ? id : "?");
    if (r->event.def) { printf(":%u", r->event.def->version); }
    fputs(!r->event.def ? ": no loaded schema knows this event" : fits ? ": fits" : ": does not fit", stdout);
    json_array_foreach(r->notes, k, p) { printf("%s%s", k ? ", " : " (", json_string_value(p)); }
    puts(json_array_size(r->notes) ? ")" : "");
    json_array_foreach(r->problems, k, p) {
        const char *nearest = json_string_value(json_object_get(p, "nearest"));
        const char *value = json_string_value(json_object_get(p, "value"));
        printf("  %s%s%s%s: %s", json_string_value(json_object_get(p, "field")), *value ? " is \"" : "", value, *value ? "\"" : "",
               json_string_value(json_object_get(p, "what")));
        printf(nearest && *nearest ? "; nearest: %s\n" : "%.0s\n", nearest ? nearest : "");
    }
}

static bool take(void *user, struct wev_real *r)
{
    struct support *s = user;
    json_t *named = json_array(); // fields whose value is one of the user's own names, which no generator has to make
    s->records++;
    if (r->event.def) {
        check_values(r, named);
        check_rules(s, r);
        bool fits = json_array_size(r->problems) == 0;
        s->fit += fits;
        s->misfit += !fits;
    } else {
        s->unknown++;
    }
    if (s->json) {
        say_json(s, r, named);
    } else {
        say_text(s, r);
    }
    json_decref(named);
    return !s->failed;
}

// ---- inputs

static void read_file(struct support *s, const char *name)
{
    struct wev_error error;
    struct wev_span bytes;
    struct wev_reals reals = {.schema = s->schema, .take = take, .user = s};
    if (!wev_file_read(name, WEV_REAL_FILE_MAX, &bytes, &error)) {
        fprintf(stderr, "wevcorpus: %s\n", error.text);
        s->failed = true;
        return;
    }
    s->file = name;
    wev_real_each(&reals, bytes);
    if (reals.memory) { complain(s, name, "out of memory"); }
    if (!reals.count && !s->json && !s->quiet) { printf("%s: no record of a shape that is read\n", name); }
    free((char *)(uintptr_t)bytes.p);
}

static void read_path(struct support *s, const char *name, unsigned depth)
{
    struct dirent **entries = NULL;
    struct stat st;
    char path[4096];
    if (stat(name, &st) != 0 || !S_ISDIR(st.st_mode)) {
        read_file(s, name);
        return;
    }
    int n = depth < DEPTH_MAX ? scandir(name, &entries, NULL, alphasort) : 0;
    if (n < 0) { complain(s, name, "cannot be read"); }
    for (int k = 0; k < n; k++) {
        int size = snprintf(path, sizeof(path), "%s/%s", name, entries[k]->d_name);
        if (entries[k]->d_name[0] != '.' && size > 0 && (size_t)size < sizeof(path)) { read_path(s, path, depth + 1); }
        free(entries[k]);
    }
    free(entries);
}

static int run(struct support *s, char **names)
{
    struct wev_error error;
    s->schema = wev_builtin_load(s->what.schemas, s->what.schema_count, s->what.profiles, s->what.profile_count, &error);
    if (!s->schema) {
        fprintf(stderr, "wevcorpus: %s\n", error.text);
        return 2;
    }
    s->decoder = wev_decode_new(s->schema, NULL);
    s->buf = malloc(BUF_CAP);
    if (!s->decoder || !s->buf) { complain(s, "support", "out of memory"); }
    for (; *names && !s->failed; names++) { read_path(s, *names, 0); }
    if (!s->json) {
        printf("%llu records: %llu fit, %llu do not, %llu of events that no loaded schema knows\n", (unsigned long long)s->records,
               (unsigned long long)s->fit, (unsigned long long)s->misfit, (unsigned long long)s->unknown);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) { complain(s, "standard output", "cannot be written"); }
    if (!s->records && !s->failed) { complain(s, "support", "no record in what was named"); }
    wev_options_free(s->options);
    wev_decode_free(s->decoder);
    wev_schema_free(s->schema);
    free(s->buf);
    return s->failed ? 2 : s->misfit > 0;
}

// ---- options

enum { OPT_JSON = WEV_SETTINGS_OWN, OPT_HELP };

static const struct option options[] = {
    {"json", no_argument, NULL, OPT_JSON}, {"schema", required_argument, NULL, WEV_SETTINGS_SCHEMA}, {"profile", required_argument, NULL, WEV_SETTINGS_PROFILE},
    {"quiet", no_argument, NULL, 'q'},     {"help", no_argument, NULL, OPT_HELP},           {NULL, 0, NULL, 0},
};

int wev_support_main(int argc, char **argv)
{
    struct support s = {.what = WEV_SETTINGS_DEFAULT};
    struct wev_error error;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, "q", options, NULL)) != -1;) {
        enum wev_settings_taken taken = wev_settings_take(&s.what, c, optarg, &error);
        if (taken == WEV_SETTINGS_WRONG) { return fprintf(stderr, "wevcorpus: %s\n", error.text), 2; }
        if (taken == WEV_SETTINGS_TAKEN) { continue; }
        switch (c) {
        case OPT_JSON: s.json = true; break;
        case 'q': s.quiet = true; break;
        case OPT_HELP: fputs(usage, stdout); return 0;
        default: fputs("wevcorpus: try support --help\n", stderr); return 2;
        }
    }
    if (optind == argc) {
        fputs("wevcorpus: support of what? Name a file or a folder; try support --help\n", stderr);
        return 2;
    }
    return run(&s, argv + optind);
}
