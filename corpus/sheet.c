// Writes reports whole or not at all. Knows no format but how JSON and XML are written.
#include "corpus/sheet.h"

#include "gen/sink.h"

#include <stdlib.h>

static bool no_memory(const char *path, struct wev_error *e)
{
    e->code = WEV_E_MEMORY;
    snprintf(e->text, sizeof(e->text), "%.200s: out of memory", path);
    return false;
}

bool wev_sheet_begin(struct wev_sheet *p, const char *path, struct wev_error *e)
{
    *p = (struct wev_sheet){.text = NULL};
    p->f = open_memstream(&p->text, &p->n);
    return p->f || no_memory(path, e);
}

bool wev_sheet_finish(struct wev_sheet *p, const char *path, bool good, struct wev_error *e)
{
    good = !ferror(p->f) && good;
    good = fclose(p->f) == 0 && good;
    good = good ? wev_sink_whole(path, (struct wev_span){p->text, p->n}, e) : no_memory(path, e);
    free(p->text);
    return good;
}

bool wev_sheet_json(json_t *root, const char *path, struct wev_error *e)
{
    struct wev_sheet p;
    bool good = wev_sheet_begin(&p, path, e) &&
                wev_sheet_finish(&p, path, root && json_dumpf(root, p.f, JSON_INDENT(1)) == 0 && fputc('\n', p.f) != EOF, e);
    json_decref(root);
    return good;
}

void wev_sheet_xml(FILE *f, const char *s)
{
    for (; *s; s++) {
        switch (*s) {
        case '&': fputs("&amp;", f); break;
        case '<': fputs("&lt;", f); break;
        case '>': fputs("&gt;", f); break;
        case '"': fputs("&quot;", f); break;
        default: fputc((unsigned char)*s >= 0x20 || *s == '\n' || *s == '\t' ? *s : '?', f); break;
        }
    }
}
