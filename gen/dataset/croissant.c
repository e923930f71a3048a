// croissant.json: the dataset's files and columns for machines (MLCommons Croissant 1.0, JSON-LD).
#include "gen/dataset/work.h"

#include "schema/wev.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

// The context that the Croissant 1.0 specification gives, whole: readers compare it.
static const char context[] =
    "{\"@context\":{\"@language\":\"en\",\"@vocab\":\"https://schema.org/\",\"citeAs\":\"cr:citeAs\",\"column\":\"cr:column\","
    "\"conformsTo\":\"dct:conformsTo\",\"cr\":\"http://mlcommons.org/croissant/\",\"rai\":\"http://mlcommons.org/croissant/RAI/\","
    "\"data\":{\"@id\":\"cr:data\",\"@type\":\"@json\"},\"dataType\":{\"@id\":\"cr:dataType\",\"@type\":\"@vocab\"},"
    "\"dct\":\"http://purl.org/dc/terms/\",\"equivalentProperty\":\"cr:equivalentProperty\",\"examples\":{\"@id\":\"cr:examples\",\"@type\":\"@json\"},\"extract\":\"cr:extract\","
    "\"field\":\"cr:field\",\"fileProperty\":\"cr:fileProperty\",\"fileObject\":\"cr:fileObject\",\"fileSet\":\"cr:fileSet\","
    "\"format\":\"cr:format\",\"includes\":\"cr:includes\",\"isLiveDataset\":\"cr:isLiveDataset\",\"jsonPath\":\"cr:jsonPath\","
    "\"key\":\"cr:key\",\"md5\":\"cr:md5\",\"parentField\":\"cr:parentField\",\"path\":\"cr:path\",\"recordSet\":\"cr:recordSet\","
    "\"references\":\"cr:references\",\"regex\":\"cr:regex\",\"repeated\":\"cr:repeated\",\"replace\":\"cr:replace\",\"samplingRate\":\"cr:samplingRate\",\"sc\":\"https://schema.org/\","
    "\"separator\":\"cr:separator\",\"source\":\"cr:source\",\"subField\":\"cr:subField\",\"transform\":\"cr:transform\"},\n";

static const char *const media[WEV_DATA_FORMATS] = {"application/jsonlines", "text/csv", "application/x-parquet"};

static void file(struct wev_page *page, const char *path, const char *name, uint64_t bytes, unsigned format, const char *sum)
{
    wev_page_put(page, "%s\n{\"@type\":\"cr:FileObject\",\"@id\":\"%s\",\"name\":\"%s\",\"contentUrl\":\"%s\",\"contentSize\":\"%" PRIu64
                       " B\",\"encodingFormat\":\"%s\",\"sha256\":\"%s\"}",
                 page->n && page->p[page->n - 1] == '[' ? "" : ",", path, name, path, bytes, media[format], sum);
}

// A split in Parquet is several files, and one set of them.
static void parts(struct wev_page *page, const struct wev_dataset_work *w, unsigned split)
{
    const char *of = wev_split_names[split];
    for (size_t k = 0; k < w->parts[split].count; k++) {
        char path[64], name[64];
        const struct wev_part *part = &w->parts[split].at[k];
        snprintf(name, sizeof(name), "%s-parquet-%05zu", of, k);
        file(page, wev_part_name(path, w, split, k), name, part->bytes, WEV_DATA_PARQUET, part->sum);
    }
    wev_page_put(page, ",\n{\"@type\":\"cr:FileSet\",\"@id\":\"%s-parquet\",\"name\":\"%s-parquet\",\"encodingFormat\":\"%s\",\"includes\":\"data/%s-*.parquet\"}",
                 of, of, media[WEV_DATA_PARQUET], of);
}

static void files(struct wev_page *page, const struct wev_dataset_work *w)
{
    for (unsigned f = 0; f < WEV_DATA_FORMATS; f++) {
        for (unsigned k = 0; k < WEV_SPLITS; k++) {
            const struct wev_sheet *s = &w->sheet[f][k];
            char name[64];
            if (!w->d->format[f] || !w->d->percent[k]) { continue; }
            snprintf(name, sizeof(name), "%s-%s", wev_split_names[k], wev_data_names[f]);
            if (f == WEV_DATA_PARQUET) { parts(page, w, k); } else { file(page, s->name, name, s->bytes, f, s->sum); }
        }
    }
}

static void field(struct wev_page *page, const struct wev_column *c, const char *split, const char *source, bool list)
{
    char id[WEV_COLUMN_NAME + 32];
    snprintf(id, sizeof(id), "%s/%s", split, c->name);
    wev_page_put(page, "\n{\"@type\":\"cr:Field\",\"@id\":");
    wev_page_json(page, id);
    wev_page_put(page, ",\"name\":");
    wev_page_json(page, c->name);
    wev_page_put(page, ",\"description\":");
    wev_page_json(page, c->what ? c->what : "field of the event's template");
    wev_page_put(page, ",\"dataType\":\"%s\"%s,\"source\":{%s,\"extract\":{\"column\":", wev_column_names[c->type].croissant,
                 list && c->type == WEV_COL_LIST ? ",\"repeated\":true" : "", source);
    wev_page_json(page, c->name);
    wev_page_put(page, "}}}");
}

static void record_set(struct wev_page *page, const struct wev_dataset_work *w, unsigned format, unsigned split)
{
    const char *of = wev_split_names[split];
    char source[128];
    if (format == WEV_DATA_PARQUET) {
        snprintf(source, sizeof(source), "\"fileSet\":{\"@id\":\"%s-parquet\"}", of);
    } else {
        snprintf(source, sizeof(source), "\"fileObject\":{\"@id\":\"%s\"}", w->sheet[format][split].name);
    }
    wev_page_put(page, "\n{\"@type\":\"cr:RecordSet\",\"@id\":\"%s\",\"name\":\"%s\",\"field\":[", of, of);
    for (size_t k = 0; k < w->columns.count; k++) {
        if (k) { wev_page_put(page, ","); }
        field(page, &w->columns.column[k], of, source, format != WEV_DATA_CSV);
    }
    wev_page_put(page, "]}");
}

bool wev_dataset_croissant(struct wev_dataset_work *w, struct wev_error *e)
{
    struct wev_page page = {.n = 0};
    unsigned f = w->d->format[WEV_DATA_PARQUET] ? WEV_DATA_PARQUET : w->d->format[WEV_DATA_JSONL] ? WEV_DATA_JSONL : WEV_DATA_CSV;
    const char *comma = "";
    wev_page_put(&page, "%s", context);
    wev_page_put(&page, "\"@type\":\"sc:Dataset\",\"name\":\"wevgen-%016" PRIx64 "-%" PRIu64 "\",\"conformsTo\":\"http://mlcommons.org/croissant/1.0\","
                        "\"description\":",
                 w->columns.schema->hash[1], w->d->options->seed);
    struct wev_page about = {.n = 0};
    wev_page_put(&about, "Synthetic Windows events of %s as raw XML and typed columns, with labels; made by: %s", w->columns.providers, w->d->command);
    wev_page_json(&page, about.failed ? "" : about.p);
    page.failed = page.failed || about.failed;
    free(about.p);
    wev_page_put(&page, ",\"license\":\"https://opensource.org/license/mit\",\"url\":\"README.md\",\"citeAs\":\"wevgen %s, synthetic Windows events\",\"version\":\"%s\",\"creator\":{\"@type\":\"Organization\","
                        "\"name\":\"wevgen\"},\n\"distribution\":[", WEV_VERSION, WEV_VERSION);
    files(&page, w);
    wev_page_put(&page, "],\n\"recordSet\":[");
    for (unsigned k = 0; k < WEV_SPLITS; k++) {
        if (!w->d->percent[k]) { continue; }
        wev_page_put(&page, "%s", comma);
        record_set(&page, w, f, k);
        comma = ",";
    }
    wev_page_put(&page, "]}\n");
    bool good = wev_dataset_note(w, "croissant.json", &page, e);
    free(page.p);
    return good;
}
