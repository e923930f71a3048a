// What a manifest calls by name: strings, levels, tasks, opcodes and keywords, its own and winmeta.xml's.
#include "schema/manifest_load.h"

#include <stdlib.h>
#include <string.h>

#define WIN(name, text, value) {{"win:" name, sizeof("win:" name) - 1}, {text, sizeof(text) - 1}, value, 0}
#define WIN_SILENT(name, value) {{"win:" name, sizeof("win:" name) - 1}, {NULL, 0}, value, 0}

// winmeta.xml: what every manifest may name with the prefix win:. The first row is what an event has that names none.
static const struct wev_named levels[] = {
    WIN("LogAlways", "Information", 0), WIN("Critical", "Critical", 1),
    WIN("Error", "Error", 2),           WIN("Warning", "Warning", 3),
    WIN("Informational", "Information", 4), WIN("Verbose", "Verbose", 5),
};
static const struct wev_named tasks[] = {WIN_SILENT("None", 0)};
static const struct wev_named opcodes[] = {
    WIN("Info", "Info", 0),           WIN("Start", "Start", 1),         WIN("Stop", "Stop", 2),
    WIN("DC_Start", "DCStart", 3),    WIN("DC_Stop", "DCStop", 4),      WIN("Extension", "Extension", 5),
    WIN("Reply", "Reply", 6),         WIN("Resume", "Resume", 7),       WIN("Suspend", "Suspend", 8),
    WIN("Send", "Send", 9),           WIN("Receive", "Receive", 240),
};
static const struct wev_named keywords[] = {
    WIN_SILENT("AnyKeyword", 0),
    WIN("ResponseTime", "Response Time", 0x1000000000000),
    WIN("WDIContext", "WDI Context", 0x2000000000000),
    WIN("WDIDiag", "WDI Diag", 0x4000000000000),
    WIN("SQM", "SQM", 0x8000000000000),
    WIN("AuditFailure", "Audit Failure", 0x10000000000000),
    WIN("AuditSuccess", "Audit Success", 0x20000000000000),
    WIN("CorrelationHint", "Correlation Hint", 0x40000000000000),
    WIN("EventlogClassic", "Classic", 0x80000000000000),
};

static const struct {
    const char *what;
    const struct wev_named *rows;
    size_t count;
} predefined[] = {
    [WEV_NAMED_LEVEL] = {"level", levels, WEV_COUNT(levels)},
    [WEV_NAMED_TASK] = {"task", tasks, WEV_COUNT(tasks)},
    [WEV_NAMED_OPCODE] = {"opcode", opcodes, WEV_COUNT(opcodes)},
    [WEV_NAMED_KEYWORD] = {"keyword", keywords, WEV_COUNT(keywords)},
};

static size_t count_kids(const struct wev_elem *e)
{
    size_t n = 0;
    for (const struct wev_elem *k = e ? e->kids : NULL; k; k = k->next) { n++; }
    return n;
}

static int by_name(const void *a, const void *b)
{
    const struct wev_named *x = a, *y = b;
    return wev_manifest_by_text(x->name, y->name);
}

// Rows are of one array, so their addresses are the file's order: the first of two alike is found.
static int by_name_then_place(const void *a, const void *b)
{
    const struct wev_named *x = *(const struct wev_named *const *)a, *y = *(const struct wev_named *const *)b;
    int d = by_name(x, y);
    return d ? d : (x > y) - (x < y);
}

static struct wev_names index_names(struct wev_manifest_load *ml, const struct wev_named *rows, size_t count)
{
    const struct wev_named **index = WEV_NEW_N(ml->load->arena, count + 1, const struct wev_named *);
    for (size_t k = 0; k < count; k++) { index[k] = &rows[k]; }
    qsort(index, count, sizeof(*index), by_name_then_place);
    return (struct wev_names){rows, index, count};
}

static size_t read_rows(struct wev_manifest_load *ml, const struct wev_elem *group, const char *attr, uint64_t max,
                        struct wev_named *rows)
{
    size_t n = 0;
    for (const struct wev_elem *k = group ? group->kids : NULL; k; k = k->next) {
        rows[n].name = wev_manifest_need(ml, k, "name");
        rows[n].text = wev_manifest_text(ml, wev_tree_attr(k, "message"));
        rows[n].value = wev_manifest_number(ml, k, attr, max);
        rows[n].task = (uint32_t)n + 1;
        n++;
    }
    return n;
}

// The first row of that name; of opcodes, the one that the task itself holds, then the provider's own.
static const struct wev_named *find_own(const struct wev_names *own, struct wev_span name, bool is_opcode, uint32_t task)
{
    size_t low = 0, high = own->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (wev_manifest_by_text(own->index[mid]->name, name) < 0) { low = mid + 1; } else { high = mid; }
    }
    const struct wev_named *best = NULL;
    for (; low < own->count && wev_span_eq(own->index[low]->name, name); low++) {
        const struct wev_named *row = own->index[low];
        if (!is_opcode || row->task == task) { return row; }
        if (!best || (row->task == 0 && best->task != 0)) { best = row; }
    }
    return best;
}

int wev_manifest_by_text(struct wev_span a, struct wev_span b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int d = n ? memcmp(a.p, b.p, n) : 0;
    return d ? d : (a.n > b.n) - (a.n < b.n);
}

// The table of en-US when there is one, else the first.
void wev_manifest_strings(struct wev_manifest_load *ml, const struct wev_elem *root)
{
    const struct wev_elem *localization = wev_manifest_kid(root, "localization"), *best = NULL;
    for (const struct wev_elem *r = localization ? localization->kids : NULL; r; r = r->next) {
        if (!wev_span_is(r->name, "resources")) { continue; }
        if (!best || wev_span_eq_nocase(wev_tree_attr(r, "culture"), WEV_SPAN("en-US"))) { best = r; }
    }
    const struct wev_elem *table = wev_manifest_kid(best, "stringTable");
    struct wev_named *strings = WEV_NEW_N(ml->load->arena, count_kids(table) + 1, struct wev_named);
    ml->string_count = 0;
    for (const struct wev_elem *s = table ? table->kids : NULL; s; s = s->next) {
        struct wev_span value = wev_tree_attr(s, "value");
        strings[ml->string_count].name = wev_tree_attr(s, "id");
        strings[ml->string_count++].text = value.p ? value : s->text;
    }
    qsort(strings, ml->string_count, sizeof(*strings), by_name);
    ml->strings = strings;
}

struct wev_span wev_manifest_text(struct wev_manifest_load *ml, struct wev_span s)
{
    static const char open[] = "$(string.";
    size_t n = sizeof(open) - 1;
    if (!s.p || s.n <= n || memcmp(s.p, open, n) != 0 || s.p[s.n - 1] != ')') { return s; }
    struct wev_named key = {.name = {s.p + n, s.n - n - 1}};
    const struct wev_named *found = ml->string_count ? bsearch(&key, ml->strings, ml->string_count, sizeof(key), by_name) : NULL;
    return found ? found->text : (struct wev_span){NULL, 0};
}

struct wev_names wev_manifest_names(struct wev_manifest_load *ml, const struct wev_elem *group, const char *attr, uint64_t max)
{
    struct wev_named *rows = WEV_NEW_N(ml->load->arena, count_kids(group) + 1, struct wev_named);
    return index_names(ml, rows, read_rows(ml, group, attr, max, rows));
}

struct wev_names wev_manifest_opcodes(struct wev_manifest_load *ml, const struct wev_elem *provider)
{
    const struct wev_elem *all = wev_manifest_kid(provider, "opcodes"), *group = wev_manifest_kid(provider, "tasks");
    const struct wev_elem *first = group ? group->kids : NULL;
    size_t n = count_kids(all);
    for (const struct wev_elem *t = first; t; t = t->next) { n += count_kids(wev_manifest_kid(t, "opcodes")); }
    struct wev_named *rows = WEV_NEW_N(ml->load->arena, n + 1, struct wev_named);
    size_t at = read_rows(ml, all, "value", 255, rows);
    for (size_t k = 0; k < at; k++) { rows[k].task = 0; }
    uint32_t task = 0;
    for (const struct wev_elem *t = first; t; t = t->next) {
        size_t more = read_rows(ml, wev_manifest_kid(t, "opcodes"), "value", 255, rows + at);
        task++;
        for (size_t k = at; k < at + more; k++) { rows[k].task = task; }
        at += more;
    }
    return index_names(ml, rows, at);
}

struct wev_named wev_manifest_name(struct wev_manifest_load *ml, enum wev_named_kind kind, const struct wev_names *own,
                                   struct wev_span name, uint32_t task, unsigned line)
{
    const struct wev_named *win = predefined[kind].rows;
    size_t win_count = predefined[kind].count;
    if (!name.n) { return win[0]; }
    const struct wev_named *found = find_own(own, name, kind == WEV_NAMED_OPCODE, task);
    uint64_t value = 0;
    bool number = wev_span_u64(name, &value);
    for (size_t k = 0; k < win_count && !found; k++) {
        if (wev_span_eq(win[k].name, name) || (number && win[k].value == value)) { found = &win[k]; }
    }
    if (found) { return *found; }
    // MS-EVEN6 2.2.13: Level and Opcode are bytes, Task 16 bits, Keywords 64.
    uint64_t max = kind == WEV_NAMED_KEYWORD ? UINT64_MAX : kind == WEV_NAMED_TASK ? UINT16_MAX : UINT8_MAX;
    if (number && value <= max) { return (struct wev_named){.name = name, .value = value}; }
    struct wev_arena scratch = *ml->load->arena;
    struct wev_span *list = WEV_NEW_N(&scratch, own->count + win_count, struct wev_span);
    for (size_t k = 0; k < own->count; k++) { list[k] = own->rows[k].name; }
    for (size_t k = 0; k < win_count; k++) { list[own->count + k] = win[k].name; }
    wev_manifest_unknown(ml, line, predefined[kind].what, name, list, own->count + win_count);
}

const struct wev_map_entry *wev_manifest_keyword_texts(struct wev_manifest_load *ml, const struct wev_names *own, size_t *count)
{
    struct wev_map_entry *texts = WEV_NEW_N(ml->load->arena, own->count + WEV_COUNT(keywords), struct wev_map_entry);
    size_t n = 0;
    for (size_t k = 0; k < own->count; k++) {
        if (own->rows[k].text.p) { texts[n++] = (struct wev_map_entry){own->rows[k].value, own->rows[k].text}; }
    }
    for (size_t k = 1; k < WEV_COUNT(keywords); k++) { texts[n++] = (struct wev_map_entry){keywords[k].value, keywords[k].text}; }
    *count = n;
    return texts;
}
