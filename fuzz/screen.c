// What a person sees of a campaign: one live line on a terminal, else a line now and then.
#include "fuzz/screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

double wev_screen_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void wev_screen_wipe(void)
{
    fputs("\r\033[K", stderr);
}

void wev_campaign_say(struct wev_campaign *c, const char *format, ...)
{
    va_list args;
    if (c->quiet) { return; }
    if (isatty(STDERR_FILENO)) { wev_screen_wipe(); }
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

static void clock_text(char *out, size_t cap, double s)
{
    unsigned t = (unsigned)s;
    if (t >= 3600) {
        snprintf(out, cap, "%u:%02u:%02u", t / 3600, t / 60 % 60, t % 60);
    } else {
        snprintf(out, cap, "%u:%02u", t / 60, t % 60);
    }
}

static void show_line(struct wev_campaign *c, struct wev_screen *s, double t)
{
    char passed[32], whole[32] = "", since[32], coverage[40] = "no coverage";
    clock_text(passed, sizeof(passed), t - s->from);
    clock_text(since, sizeof(since), t - s->last_new);
    if (c->seconds) { clock_text(whole, sizeof(whole), c->seconds); }
    if (c->coverage) { snprintf(coverage, sizeof(coverage), "coverage %llu", (unsigned long long)c->coverage); }
    else if (c->subject.covered) { snprintf(coverage, sizeof(coverage), "coverage -"); }
    if (!c->engine) {
        fprintf(stderr, "%s%s  %zu of %zu inputs sorted  %zu bucket%s, %zu new%s", s->live ? "\r\033[K" : "", c->subject.name, (size_t)c->sorted, c->to_sort,
                (size_t)c->buckets.count, c->buckets.count == 1 ? "" : "s", (size_t)c->buckets.fresh, s->live ? "" : "\n");
        return;
    }
    fprintf(stderr, "%s%s  %s x%u  %s%s%s  %.0f/s  %llu executions  %s  %zu bucket%s, %zu new  last new %s ago%s", s->live ? "\r\033[K" : "",
            c->subject.name, c->engine->name, c->jobs, passed, whole[0] ? " of " : "", whole, s->rate, (unsigned long long)c->execs, coverage,
            (size_t)c->buckets.count, c->buckets.count == 1 ? "" : "s", (size_t)c->buckets.fresh, since, s->live ? "" : "\n");
    fflush(stderr);
}

void wev_screen_show(struct wev_campaign *c, struct wev_screen *s)
{
    double t = wev_screen_now();
    if (c->coverage > s->coverage || c->buckets.count > s->buckets) {
        s->coverage = c->coverage;
        s->buckets = c->buckets.count;
        s->last_new = t;
    }
    if (t - s->last_time >= 1) {
        s->rate = (double)(c->execs - s->last_execs) / (t - s->last_time) * 0.5 + (s->last_execs ? s->rate * 0.5 : 0);
        s->last_execs = c->execs;
        s->last_time = t;
    }
    if (c->quiet) { return; }
    if (s->live) {
        show_line(c, s, t);
    } else if (t >= s->next) {
        show_line(c, s, t);
        s->next = s->from + 2 * (t - s->from); // 1, 2, 4, 8 … seconds
    }
}
