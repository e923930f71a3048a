// The dataset's README.md: a card with the metadata that Hugging Face reads, every size, and how to make it again.
#include "gen/dataset/work.h"

#include "schema/wev.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t rows_of(const struct wev_dataset_work *w)
{
    uint64_t n = 0;
    for (unsigned k = 0; k < WEV_SPLITS; k++) { n += w->d->rows[k]; }
    return n;
}

static const char *size_category(uint64_t rows)
{
    static const char *const names[] = {"n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B", "n>1B"};
    unsigned k = 0;
    for (uint64_t limit = 1000; rows >= limit && k + 1 < WEV_COUNT(names); limit *= 10) { k++; }
    return names[k];
}

// ---- metadata

// The format of the one configuration that a reader gets: the most exact types first. `datasets` takes one format a folder.
static unsigned best_format(const struct wev_dataset_work *w)
{
    return w->d->format[WEV_DATA_PARQUET] ? WEV_DATA_PARQUET : w->d->format[WEV_DATA_JSONL] ? WEV_DATA_JSONL : WEV_DATA_CSV;
}

static void features(struct wev_page *page, const struct wev_dataset_work *w, unsigned f)
{
    wev_page_put(page, "dataset_info:\n  features:\n");
    for (size_t k = 0; k < w->columns.count; k++) {
        const struct wev_column *c = &w->columns.column[k];
        const char *type = wev_column_names[c->type].hugging_face;
        // JSON and CSV hold times as text with a zone
        if (c->type == WEV_COL_TIME && f != WEV_DATA_PARQUET) { type = "timestamp[ns, tz=UTC]"; }
        wev_page_put(page, "  - name: ");
        wev_page_json(page, c->name);
        wev_page_put(page, c->type == WEV_COL_LIST && f != WEV_DATA_CSV ? "\n    sequence: string\n" : "\n    dtype: \"%s\"\n", type);
    }
    wev_page_put(page, "  splits:\n");
    for (unsigned k = 0; k < WEV_SPLITS; k++) {
        if (!w->d->percent[k]) { continue; }
        wev_page_put(page, "  - name: %s\n    num_bytes: %" PRIu64 "\n    num_examples: %" PRIu64 "\n", wev_split_names[k],
                     w->sheet[f][k].bytes, w->d->rows[k]);
    }
}

static void metadata(struct wev_page *page, const struct wev_dataset_work *w)
{
    unsigned f = best_format(w);
    char name[sizeof(w->columns.providers) + 64];
    snprintf(name, sizeof(name), "Windows events of %s, made by wevgen", w->columns.providers);
    wev_page_put(page, "---\nlicense: mit\npretty_name: ");
    wev_page_json(page, name);
    wev_page_put(page, "\nlanguage:\n- en\n"
                       "task_categories:\n- text-classification\n- tabular-classification\nsize_categories:\n- %s\n"
                       "tags:\n- synthetic\n- windows-event-log\n- intrusion-detection\n- security\nconfigs:\n",
                 size_category(rows_of(w)));
    wev_page_put(page, "- config_name: default\n  data_files:\n");
    for (unsigned k = 0; k < WEV_SPLITS; k++) {
        if (!w->d->percent[k]) { continue; }
        wev_page_put(page, "  - split: %s\n    path: data/%s-*.%s\n", wev_split_names[k], wev_split_names[k], wev_data_names[f]);
    }
    features(page, w, f);
    wev_page_put(page, "---\n");
}

// ---- text

static void sizes(struct wev_page *page, const struct wev_dataset_work *w)
{
    wev_page_put(page, "| split | events | malicious | malformed | hosts | accounts | scenario runs |");
    for (unsigned f = 0; f < WEV_DATA_FORMATS; f++) {
        if (w->d->format[f]) { wev_page_put(page, " %s, bytes |", wev_data_names[f]); }
    }
    wev_page_put(page, "\n|---|---|---|---|---|---|---|");
    for (unsigned f = 0; f < WEV_DATA_FORMATS; f++) { wev_page_put(page, "%s", w->d->format[f] ? "---|" : ""); }
    wev_page_put(page, "\n");
    for (unsigned k = 0; k < WEV_SPLITS; k++) {
        if (!w->d->percent[k]) { continue; }
        const struct wev_split_size *z = &w->size[k];
        wev_page_put(page, "| %s | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " |", wev_split_names[k],
                     w->d->rows[k], w->malicious[k], w->broken[k], z->hosts, z->accounts, z->runs);
        for (unsigned f = 0; f < WEV_DATA_FORMATS; f++) {
            if (w->d->format[f]) { wev_page_put(page, " %" PRIu64 " |", w->sheet[f][k].bytes); }
        }
        wev_page_put(page, "\n");
    }
}

static void splitting(struct wev_page *page, const struct wev_dataset_work *w)
{
    const struct wev_dataset *d = w->d;
    wev_page_put(page,
                 "\n## Splits\n\nNo host, no account and no scenario run is in two splits. Hosts, accounts and runs that occur together are one group "
                 "(runs first, then by how often they meet, up to a quarter of the smallest split's share), and groups are dealt to the splits, those "
                 "with attacks first. An event that would tie two splits together, and a run with such an event, is left out. An account is a SID of a "
                 "domain, a machine or Entra (`S-1-5-21-…`, `S-1-12-1-…`); SYSTEM and services, the same on every machine, are none.\n\n"
                 "Of %" PRIu64 " events made %" PRIu64 " were left out for that", d->count, d->left_out);
    if (d->balance == WEV_BALANCE_NONE) {
        wev_page_put(page, ".\n");
    } else {
        wev_page_put(page, ", and %" PRIu64 " to balance by %s: in each split every %s has as many events as the rarest.\n", d->thinned,
                     wev_balance_names[d->balance], wev_balance_names[d->balance]);
    }
}

static void columns(struct wev_page *page, const struct wev_dataset_work *w)
{
    wev_page_put(page, "\n## Columns\n\n| column | type | what |\n|---|---|---|\n");
    for (size_t k = 0; k < w->columns.count; k++) {
        const struct wev_column *c = &w->columns.column[k];
        wev_page_put(page, "| `%s` | %s%s | %s |\n", c->name, c->type == WEV_COL_LIST ? "list of " : "", wev_column_names[c->type].hugging_face,
                     c->what ? c->what : "field of the event's template");
    }
    wev_page_put(page,
                 "\nWhat the event says (from `Provider` on) comes from the generator's own event, not from parsing; of a malformed event it is what the "
                 "event said before its break. Hexadecimal numbers are text, as the event spells them, since some are beyond 2^63. What is not "
                 "there is `null` in JSON Lines and an empty field in CSV, where an empty text is `\"\"`; CSV joins lists with commas. Times are "
                 "UTC. %" PRIu64 " documents are not UTF-8 text and stand in `raw_base64`. `split`, `unit`, `seed`, `form`, `offset` and what else says "
                 "how an event was made are no features to learn from.\n", w->not_text);
}

// The first line of the message, which says what happened; of ids that two providers have, none.
static struct wev_span title(const struct wev_schema *schema, const char *id)
{
    struct wev_span found = {NULL, 0};
    const struct wev_provider *of = NULL;
    for (size_t k = 0; k < schema->event_count; k++) {
        const struct wev_event_def *def = &schema->events[k];
        if (def->id != strtoul(id, NULL, 10)) { continue; }
        if (of && of != def->provider) { return (struct wev_span){NULL, 0}; }
        of = def->provider;
        found = def->message.p ? def->message : def->task_text;
    }
    for (size_t k = 0; k < found.n; k++) {
        if ((unsigned char)found.p[k] < 0x20 || found.p[k] == '%') { found.n = k; }
    }
    return found;
}

static void events(struct wev_page *page, const struct wev_dataset_work *w)
{
    enum { ROWS_MAX = 64, TITLE_MAX = 160 };
    wev_page_put(page, "\n## Events\n\n| id | events | malicious | what |\n|---|---|---|---|\n");
    for (size_t k = 0; k < w->events.count && k < ROWS_MAX; k++) {
        const struct wev_count *row = &w->events.rows[k];
        char text[TITLE_MAX];
        struct wev_span what = title(w->columns.schema, row->name);
        snprintf(text, sizeof(text), "%.*s", (int)(what.n < TITLE_MAX ? what.n : TITLE_MAX - 1), what.n ? what.p : "");
        for (char *bar = text; (bar = strchr(bar, '|')) != NULL;) { *bar = '/'; }
        wev_page_put(page, "| %s | %" PRIu64 " | %" PRIu64 " | ", row->name, row->all, row->malicious);
        wev_page_xml(page, text);
        wev_page_put(page, " |\n");
    }
    if (w->events.count > ROWS_MAX) { wev_page_put(page, "\n%zu ids more.\n", w->events.count - ROWS_MAX); }
}

static void plot(struct wev_page *page, const char *name, const char *title, bool there)
{
    if (there) { wev_page_put(page, "![%s](plots/%s.svg)\n\n", title, name); }
}

static void plots(struct wev_page *page, const struct wev_dataset_work *w)
{
    wev_page_put(page, "\n## Plots\n\n");
    plot(page, "classes", "Malformed events by class", w->classes.count > 0);
    plot(page, "scenarios", "Events of scenarios", w->scenarios.count > 0);
    plot(page, "hours", "Events by hour of the day", true);
    plot(page, "events", "Events by id", w->events.count > 0);
    plot(page, "algorithms", "Events by algorithm", w->algorithms.count > 0);
    plot(page, "hosts", "Events by host", w->hosts.count > 0);
}

static void again(struct wev_page *page, const struct wev_dataset_work *w)
{
    const uint64_t *hash = w->columns.schema->hash;
    wev_page_put(page, "## Made by\n\n```\n%s\n```\n\nwevgen %s, schema %016" PRIx64 "%016" PRIx64 ". The same command makes every file again, byte for byte",
                 w->d->command, WEV_VERSION, hash[1], hash[0]);
    if (w->d->format[WEV_DATA_PARQUET]) {
        wev_page_put(page, ", but for Parquet, whose rows are the same and whose bytes depend on DuckDB's version (here %s)", w->duckdb);
    }
    wev_page_put(page, ". `sha256sum -c SHA256SUMS` checks what is here. `croissant.json` describes it for machines.\n\n"
                       "Everything in it is made up: no host, no account and no attack is real. Shares and rates are wevgen's profile, whose sources and "
                       "judgements stand in that profile; a model that does well here has not been shown to do well elsewhere.\n");
}

bool wev_dataset_card(struct wev_dataset_work *w, struct wev_error *e)
{
    struct wev_page page = {.n = 0};
    metadata(&page, w);
    wev_page_put(&page, "\n# Windows events of ");
    wev_page_xml(&page, w->columns.providers);
    wev_page_put(&page, "\n\n%" PRIu64 " synthetic Windows events, each as raw XML and as typed columns, with the truth about each: whether it is "
                        "part of an attack, and whether and how it is malformed.\n\n", rows_of(w));
    sizes(&page, w);
    wev_page_put(&page, "\n```python\nfrom datasets import load_dataset\n\ndataset = load_dataset(\"path/of/this/folder\")\n```\n");
    events(&page, w);
    splitting(&page, w);
    columns(&page, w);
    plots(&page, w);
    wev_page_put(&page, "<!-- baseline -->\n<!-- /baseline -->\n\n");
    again(&page, w);
    bool good = wev_dataset_note(w, "README.md", &page, e);
    free(page.p);
    return good;
}
