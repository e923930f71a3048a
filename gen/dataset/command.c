// wevgen dataset's options and its command line as its card repeats it.
#include "gen/dataset/command.h"

#include "gen/dataset/work.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void wev_dataset_defaults(struct wev_dataset *d)
{
    *d = (struct wev_dataset){.percent = {80, 10, 10}, .format = {[WEV_DATA_JSONL] = true}, .python = "python3"};
}

int wev_dataset_option(struct wev_dataset *d, int option, const char *value, struct wev_error *error)
{
    switch (option) {
    case WEV_OPT_SPLITS: return wev_dataset_splits(d, value, error);
    case WEV_OPT_BALANCE: return wev_dataset_balance(d, value, error);
    case WEV_OPT_FORMATS: return wev_dataset_formats(d, value, error);
    case WEV_OPT_PYTHON: d->python = value; return 1;
    default: return -1;
    }
}

static bool not_ready(struct wev_error *e, const char *what, const char *value)
{
    e->code = WEV_E_ARGUMENT;
    snprintf(e->text, sizeof(e->text), "%s%.100s", what, value);
    return false;
}

bool wev_dataset_ready(const struct wev_dataset *d, const struct wev_config *config, const char *other, char *const *dirs, int count,
                       struct wev_error *error)
{
    if (other) { return not_ready(error, "dataset takes no ", other); }
    if (count == 0) { return not_ready(error, "dataset needs a folder: wevgen dataset DIR", ""); }
    if (count > 1) { return not_ready(error, "dataset makes one folder, and here is another: ", dirs[1]); }
    if (d->balance == WEV_BALANCE_CLASS && !config->malformed && !config->classes) {
        return not_ready(error, "--balance: class says nothing without --malformed or --class", "");
    }
    return true;
}

const char *wev_dataset_said(const struct wev_dataset *d, char *text, size_t cap)
{
    snprintf(text, cap,
             "%" PRIu64 " events (train %" PRIu64 ", validation %" PRIu64 ", test %" PRIu64 "), left out %" PRIu64 " to keep splits apart and %" PRIu64
             " to balance, %" PRIu64 " bytes, seed %" PRIu64,
             d->rows[0] + d->rows[1] + d->rows[2], d->rows[0], d->rows[1], d->rows[2], d->left_out, d->thinned, d->bytes, d->options->seed);
    return text;
}

static void quoted(struct wev_page *page, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,=%+@";
    if (text[0] && text[strspn(text, plain)] == 0) {
        wev_page_put(page, " %s", text);
        return;
    }
    wev_page_put(page, " '");
    for (; *text; text++) {
        if (*text == '\'') { wev_page_put(page, "'\\''"); } else { wev_page_put(page, "%c", (unsigned char)*text < 0x20 ? ' ' : *text); }
    }
    wev_page_put(page, "'");
}

// How many arguments from here on make no byte: 0, 1, or 2 with the value behind.
static int silent(const char *argument)
{
    if (!strcmp(argument, "-q") || !strcmp(argument, "--quiet")) { return 1; }
    if (!strcmp(argument, "-j") || !strcmp(argument, "--threads") || !strcmp(argument, "--python")) { return 2; }
    bool joined = !strncmp(argument, "--threads=", 10) || !strncmp(argument, "--python=", 9) || (!strncmp(argument, "-j", 2) && argument[2]);
    return joined;
}

char *wev_dataset_again(char *const *arguments, int count)
{
    struct wev_page page = {.n = 0};
    wev_page_put(&page, "wevgen dataset DIR");
    for (int k = 0; k < count;) {
        int skip = silent(arguments[k]);
        if (!skip) { quoted(&page, arguments[k]); }
        k += skip ? skip : 1;
    }
    return page.failed ? NULL : page.p;
}
