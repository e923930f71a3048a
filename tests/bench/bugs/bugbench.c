// bugbench check SAMPLE: each proof of concept sets off its bug, those of the blind set no other, the sample none.
// bugbench plain: the events of the standard input are taken, and set off none of the blind set.
// bugbench keep SECONDS CMD...: runs it so long at most, 0: without limit; none of its processes lives on.
// bugbench table SECONDS SETUP=FILE,FILE,…: the comparison of campaigns' canary files, the first setup the one compared to.
#include "tests/bench/bugs/keep.h"
#include "tests/bench/bugs/pocs.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1 << 17, RUNS_MAX = 64, SETUPS_MAX = 12, SETS = 4, PLAIN_MAX = 1 << 24 };

// of struct poc's sets
static const char *const set_names[SETS + 1] = {"", "first", "second", "third", "blind"};

// ---- check: this program is its own canary file, see canary_hit below

static struct canary_file mine;

// How many are set off; which, is in mine.
static size_t hits_of(const char *p, size_t n)
{
    size_t count = 0;
    memset(&mine, 0, sizeof(mine));
    decode_event((const uint8_t *)p, n);
    for (unsigned k = 0; k < CANARY_BUGS; k++) { count += mine.bug[k].hits != 0; }
    return count;
}

void canary_hit(unsigned id, unsigned hit)
{
    mine.bug[id].reached++;
    mine.bug[id].hits += hit != 0;
}

static size_t replace(char *p, size_t n, const char *from, const char *to, size_t times)
{
    size_t a = strlen(from), b = strlen(to), more = b * times;
    char *at = memmem(p, n, from, a);
    if (!at || n + more >= ROOM) { return 0; }
    memmove(at + more, at + a, n - (size_t)(at + a - p));
    for (size_t k = 0; k < times; k++) { memcpy(at + k * b, to, b); }
    return n - a + more;
}

static size_t widen(char *p, size_t n, char how)
{
    static char wide[ROOM];
    size_t m = how == 'n' ? 0 : 2;
    memcpy(wide, "\xff\xfe", 2);
    for (size_t k = 0; k < n; k++) {
        bool lone = how == 's' && p[k] == '~';
        wide[m++] = lone ? 0 : p[k];
        wide[m++] = lone ? (char)0xd8 : 0;
    }
    if (how == 'o') { wide[m++] = 'x'; }
    memcpy(p, wide, m);
    return m;
}

// The sample, changed: its size, or 0.
static size_t make_poc(const struct poc *c, const char *sample, size_t n, char *p)
{
    memcpy(p, sample, n);
    for (size_t r = 0; n && r < 3 && c->from[r]; r++) {
        n = replace(p, n, c->from[r], c->to[r], r == 0 && c->times ? c->times : 1);
    }
    return n && c->wide ? widen(p, n, c->wide) : n;
}

// Bugs of the blind set among those of the last run; one of them to *one.
static size_t blind_hits(const struct poc **one)
{
    size_t count = 0;
    for (size_t k = 0; k < poc_count; k++) {
        if (pocs[k].set != SETS || !mine.bug[pocs[k].id].hits) { continue; }
        *one = &pocs[k];
        count++;
    }
    return count;
}

static int check(const char *path)
{
    static char sample[ROOM], p[ROOM];
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(sample, 1, sizeof(sample) / 4, f) : 0, bad = 0;
    if (f) { fclose(f); }
    if (!n) { return fprintf(stderr, "bugbench: %s: cannot be read\n", path), 2; }
    if (hits_of(sample, n)) { return printf("not ok - the sample sets off %zu\n", hits_of(sample, n)), 1; }
    if (decode_event((const uint8_t *)sample, n)) { return printf("not ok - the sample is refused\n"), 1; }
    for (size_t k = 0; k < poc_count; k++) {
        const struct poc *c = &pocs[k], *other = NULL;
        size_t m = make_poc(c, sample, n, p), set = m ? hits_of(p, m) : 0, blind = m ? blind_hits(&other) : 0;
        bool own = m && mine.bug[c->id].hits;
        // some of the older ones cannot but set off another of theirs
        bool alone = c->set == SETS ? set == 1 : blind == 0;
        if (!own) { printf("not ok - %u %s: not set off, of %zu that are\n", c->id, c->name, set); }
        if (own && !alone) { printf("not ok - %u %s: sets off %zu, of the blind set %zu\n", c->id, c->name, set, blind); }
        bad += !own || !alone;
    }
    printf("%zu bugs, %zu proofs of concept that fail\n", poc_count, bad);
    return bad ? 1 : 0;
}

// One event after another, whatever the lines; what is behind the last one is left out.
static int plain(void)
{
    static const char end[] = "</Event>";
    static char text[PLAIN_MAX];
    size_t n = fread(text, 1, sizeof(text), stdin), events = 0, refused = 0, bad = 0;
    for (char *p = text, *to; (to = memmem(p, n - (size_t)(p - text), end, sizeof(end) - 1)) != NULL; p = to, events++) {
        const struct poc *c = NULL;
        to += sizeof(end) - 1;
        hits_of(p, (size_t)(to - p));
        if (blind_hits(&c)) {
            printf("not ok - %u %s: set off by plain event %zu\n", c->id, c->name, events);
            bad++;
        }
        refused += decode_event((const uint8_t *)p, (size_t)(to - p)) != 0;
    }
    printf("%zu plain events, %zu refused, %zu that set off a bug of the blind set\n", events, refused, bad);
    return bad || refused || !events ? 1 : 0;
}

// ---- table

struct setup {
    char name[64];
    struct canary_file run[RUNS_MAX];
    size_t runs;
};

static int read_setup(struct setup *s, char *arg)
{
    char *rest = strchr(arg, '='), *name;
    if (!rest) { return fprintf(stderr, "bugbench: \"%s\" is not SETUP=FILE,…\n", arg), 2; }
    *rest++ = 0;
    snprintf(s->name, sizeof(s->name), "%s", arg);
    while ((name = strsep(&rest, ",")) != NULL) {
        FILE *f = *name && s->runs < RUNS_MAX ? fopen(name, "rb") : NULL;
        if (!f) { return fprintf(stderr, "bugbench: %s: cannot be read\n", name), 2; }
        size_t n = fread(&s->run[s->runs++], sizeof(s->run[0]), 1, f);
        fclose(f);
        if (n != 1) { return fprintf(stderr, "bugbench: %s: is cut short\n", name), 2; }
    }
    return 0;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof(*v), by_value);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

// Runs that did not find it count as never: they rank last, alike.
static double first(const struct canary_file *f, unsigned id, bool time)
{
    const struct canary_bug *b = &f->bug[id];
    return !b->hits ? INFINITY : time ? (double)b->first_ns / 1e9 : (double)b->first_run;
}

// Mann-Whitney U, two-sided, normal approximation with ties and continuity: the chance of such ranks by chance.
static double rank_test(const double *a, size_t n, const double *b, size_t m)
{
    double u = 0, ties = 0, all = (double)(n + m), both[2 * RUNS_MAX];
    for (size_t k = 0; k < n; k++) {
        for (size_t j = 0; j < m; j++) { u += a[k] < b[j] ? 1 : a[k] == b[j] || (isinf(a[k]) && isinf(b[j])) ? 0.5 : 0; }
    }
    memcpy(both, a, n * sizeof(*a));
    memcpy(both + n, b, m * sizeof(*b));
    qsort(both, n + m, sizeof(*both), by_value);
    for (size_t k = 0, run; k < n + m; k += run) {
        for (run = 1; k + run < n + m && (both[k + run] == both[k] || (isinf(both[k + run]) && isinf(both[k]))); run++) {}
        ties += (double)run * ((double)run * (double)run - 1);
    }
    double mean = (double)n * (double)m / 2, spread = sqrt((double)n * (double)m / 12 * (all + 1 - ties / (all * (all - 1))));
    if (!(spread > 0)) { return 1; }
    double z = (fabs(u - mean) - 0.5) / spread;
    return z > 0 ? erfc(z / sqrt(2)) : 1;
}

static void cell(double v, bool time)
{
    if (isinf(v)) { printf("\t-"); } else { printf(time ? "\t%.1f" : "\t%.0f", v); }
}

static size_t column(const struct setup *s, unsigned id, bool time, double *out)
{
    for (size_t k = 0; k < s->runs; k++) { out[k] = first(&s->run[k], id, time); }
    return s->runs;
}

static void print_bugs(const struct setup *s, size_t count, bool time)
{
    printf("\n# median %s to each bug; - : half of the runs or more did not find it\nset\tfamily\tbug",
        time ? "seconds" : "executions");
    for (size_t k = 0; k < count; k++) { printf("\t%s", s[k].name); }
    puts("");
    for (size_t p = 0; p < poc_count; p++) {
        printf("%u\t%s\t%s", pocs[p].set, pocs[p].family, pocs[p].name);
        for (size_t k = 0; k < count; k++) {
            double v[RUNS_MAX];
            cell(median(v, column(&s[k], pocs[p].id, time, v)), time);
        }
        puts("");
    }
}

static size_t bugs_of(unsigned set)
{
    size_t total = 0;
    for (size_t p = 0; p < poc_count; p++) { total += pocs[p].set == set; }
    return total;
}

static void count_bugs(const struct setup *s, unsigned set, double *found, size_t *any)
{
    *any = 0;
    for (size_t r = 0; r < s->runs; r++) { found[r] = 0; }
    for (size_t p = 0; p < poc_count; p++) {
        bool seen = false;
        for (size_t r = 0; r < s->runs && pocs[p].set == set; r++) {
            bool hit = s->run[r].bug[pocs[p].id].hits != 0;
            found[r] += hit;
            seen |= hit;
        }
        *any += seen;
    }
}

// How many times sooner than `base`, per bug: what base did not find it would have found at the end of its budget at best, so
// that ratio is too small; 0: base found it, this did not; a bug that neither found is left out. Returns how many.
static size_t ratios(const struct setup *s, const struct setup *base, unsigned set, bool time, double seconds, double *out)
{
    double v[RUNS_MAX], budget = seconds;
    size_t count = 0;
    if (!time) {
        budget = 0;
        for (size_t r = 0; r < base->runs; r++) { budget += (double)base->run[r].runs / (double)base->runs; }
    }
    for (size_t p = 0; p < poc_count; p++) {
        if (pocs[p].set != set) { continue; }
        double a = median(v, column(base, pocs[p].id, time, v)), b = median(v, column(s, pocs[p].id, time, v));
        if (isinf(a) && isinf(b)) { continue; }
        out[count++] = isinf(b) ? 0 : (isinf(a) ? budget : a) / (b > 0 ? b : 1e-9);
    }
    return count;
}

static void print_setup(const struct setup *s, const struct setup *base, unsigned set, double seconds)
{
    double here[RUNS_MAX], there[RUNS_MAX], by_runs[CANARY_BUGS], by_time[CANARY_BUGS], rate = 0, least = INFINITY, most = 0;
    size_t any, slow = 0, worse = 0;
    count_bugs(base, set, there, &any);
    count_bugs(s, set, here, &any);
    for (size_t r = 0; r < s->runs; r++) {
        rate += (double)s->run[r].runs / seconds / (double)s->runs;
        least = here[r] < least ? here[r] : least;
        most = here[r] > most ? here[r] : most;
    }
    size_t n = ratios(s, base, set, false, seconds, by_runs), m = ratios(s, base, set, true, seconds, by_time);
    for (size_t k = 0; k < n; k++) {
        slow += by_runs[k] < 5;
        worse += by_runs[k] < 1;
    }
    double p = rank_test(here, s->runs, there, base->runs);
    printf("%s\t%zu\t%.1f\t%.0f\t%.0f\t%zu\t%.4f\t%.0f", s->name, s->runs, median(here, s->runs), least, most, any, p, rate);
    printf("\t%.1f\t%.1f\t%zu\t%zu\t%zu\n", n ? median(by_runs, n) : 0, m ? median(by_time, m) : 0, n, slow, worse);
}

static void print_summary(const struct setup *s, size_t count, double seconds, unsigned set)
{
    if (!bugs_of(set)) { return; }
    printf("\n# set %u, %s: %zu bugs, %.0f s a run; sooner: median over the bugs that either found, against %s\n", set,
           set_names[set], bugs_of(set), seconds, s[0].name);
    printf("setup\truns\tbugs found, median\tleast\tmost\tany run\tp, bugs found\texecutions/s\t");
    puts("times sooner, executions\ttimes sooner, seconds\tbugs compared\tbelow 5 times\tnot sooner");
    for (size_t k = 0; k < count; k++) { print_setup(&s[k], &s[0], set, seconds); }
}

static int table(int argc, char **argv)
{
    static struct setup s[SETUPS_MAX];
    double seconds = strtod(argv[0], NULL);
    size_t count = 0;
    for (int k = 1; k < argc && count < SETUPS_MAX; k++) {
        if (read_setup(&s[count++], argv[k])) { return 2; }
    }
    if (!count || !(seconds > 0)) { return fprintf(stderr, "bugbench: nothing to compare\n"), 2; }
    for (unsigned set = 1; set <= SETS; set++) { print_summary(s, count, seconds, set); }
    print_bugs(s, count, false);
    print_bugs(s, count, true);
    return fflush(stdout) ? 2 : 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "check")) { return check(argv[2]); }
    if (argc == 2 && !strcmp(argv[1], "plain")) { return plain(); }
    if (argc > 3 && !strcmp(argv[1], "table")) { return table(argc - 2, argv + 2); }
    if (argc > 3 && !strcmp(argv[1], "keep")) { return keep_main(strtol(argv[2], NULL, 10), argv + 3); }
    return fprintf(stderr, "usage: bugbench check SAMPLE | plain | keep SECONDS CMD... | table SECONDS SETUP=FILE,...\n"), 2;
}
