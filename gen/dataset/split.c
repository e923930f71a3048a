// Deals hosts, accounts and scenario runs to the parts of a dataset, so that none is in two. Knows no event.
#include "gen/dataset/split.h"

#include "gen/choice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const wev_split_names[WEV_SPLITS] = {"train", "validation", "test"};

enum kind { HOST, ACCOUNT, RUN };
enum { FIRST = 1 << 10, NODES_MAX = 1 << 30, GROUP_SHARE = 4 }; // a group is at most that part of the smallest split

struct node {
    uint64_t name;
    uint64_t events, malicious; // of a group, at its root; events are counted at their host
    uint64_t vote[WEV_SPLITS];  // events that it shares with hosts of each split
    uint32_t parent;
    uint8_t kind, split;
    bool left_out;              // a run that would be in two splits
    bool kept;                  // an event of the dataset names it
};

// Two nodes that one event names; a run's node stands first.
struct pair {
    uint32_t a, b;
    uint64_t events, malicious;
};

// Open addressing over the rows of an array: 0 is empty, k + 1 is row k.
struct index {
    uint32_t *slot;
    size_t cap;
};

struct wev_split {
    struct node *nodes;
    struct pair *pairs;
    size_t node_count, node_cap, pair_count, pair_cap;
    struct index by_name, by_pair;
    uint64_t events, malicious;
};

static uint64_t name_hash(const struct wev_split *s, size_t k)
{
    return XXH3_avalanche(s->nodes[k].name + s->nodes[k].kind);
}

static uint64_t pair_hash(const struct wev_split *s, size_t k)
{
    return XXH3_avalanche((uint64_t)s->pairs[k].a << 32 | s->pairs[k].b);
}

static bool index_grow(const struct wev_split *s, struct index *x, size_t rows, uint64_t (*hash)(const struct wev_split *, size_t))
{
    if (rows < x->cap / 2) { return true; }
    size_t cap = x->cap ? 2 * x->cap : 2 * FIRST;
    uint32_t *slot = calloc(cap, sizeof(*slot));
    if (!slot) { return false; }
    for (size_t k = 0; k < rows; k++) {
        size_t at = hash(s, k) & (cap - 1);
        while (slot[at]) { at = (at + 1) & (cap - 1); }
        slot[at] = (uint32_t)k + 1;
    }
    free(x->slot);
    *x = (struct index){slot, cap};
    return true;
}

static bool row_room(void **rows, size_t *cap, size_t count, size_t size)
{
    if (count < *cap) { return true; }
    size_t more = *cap ? 2 * *cap : FIRST;
    void *p = more > NODES_MAX ? NULL : realloc(*rows, more * size);
    if (!p) { return false; }
    *rows = p;
    *cap = more;
    return true;
}

// The slot where the node is or would be.
static uint32_t *find_node(const struct wev_split *s, uint64_t name, uint8_t kind)
{
    const struct index *x = &s->by_name;
    size_t at = XXH3_avalanche(name + kind) & (x->cap - 1);
    for (;; at = (at + 1) & (x->cap - 1)) {
        uint32_t k = x->slot[at];
        if (!k || (s->nodes[k - 1].name == name && s->nodes[k - 1].kind == kind)) { return &x->slot[at]; }
    }
}

static struct node *node_of(struct wev_split *s, uint64_t name, uint8_t kind)
{
    if (!index_grow(s, &s->by_name, s->node_count, name_hash)) { return NULL; }
    uint32_t *slot = find_node(s, name, kind);
    if (*slot) { return &s->nodes[*slot - 1]; }
    void *rows = s->nodes;
    if (!row_room(&rows, &s->node_cap, s->node_count, sizeof(*s->nodes))) { return NULL; }
    s->nodes = rows;
    s->nodes[s->node_count] = (struct node){.name = name, .kind = kind, .parent = (uint32_t)s->node_count, .split = WEV_SPLIT_NONE};
    *slot = (uint32_t)++s->node_count;
    return &s->nodes[s->node_count - 1];
}

static bool see_pair(struct wev_split *s, uint32_t a, uint32_t b, bool malicious)
{
    if (!index_grow(s, &s->by_pair, s->pair_count, pair_hash)) { return false; }
    size_t mask = s->by_pair.cap - 1, at = XXH3_avalanche((uint64_t)a << 32 | b) & mask;
    uint32_t *slot = s->by_pair.slot;
    while (slot[at] && (s->pairs[slot[at] - 1].a != a || s->pairs[slot[at] - 1].b != b)) { at = (at + 1) & mask; }
    if (!slot[at]) {
        void *rows = s->pairs;
        if (!row_room(&rows, &s->pair_cap, s->pair_count, sizeof(*s->pairs))) { return false; }
        s->pairs = rows;
        s->pairs[s->pair_count] = (struct pair){.a = a, .b = b};
        slot[at] = (uint32_t)++s->pair_count;
    }
    s->pairs[slot[at] - 1].events++;
    s->pairs[slot[at] - 1].malicious += malicious;
    return true;
}

struct wev_split *wev_split_new(void)
{
    return calloc(1, sizeof(struct wev_split));
}

void wev_split_free(struct wev_split *s)
{
    if (!s) { return; }
    free(s->nodes);
    free(s->pairs);
    free(s->by_name.slot);
    free(s->by_pair.slot);
    free(s);
}

bool wev_split_see(struct wev_split *s, const struct wev_who *who, bool malicious)
{
    struct node *host = node_of(s, who->host, HOST);
    if (!host) { return false; }
    uint32_t h = (uint32_t)(host - s->nodes), first = h;
    host->events++;
    host->malicious += malicious;
    s->events++;
    s->malicious += malicious;
    if (who->run) {
        struct node *run = node_of(s, who->run, RUN);
        if (!run) { return false; }
        first = (uint32_t)(run - s->nodes);
        if (!see_pair(s, first, h, malicious)) { return false; }
    }
    for (unsigned k = 0; k < who->account_count; k++) {
        struct node *account = node_of(s, who->account[k], ACCOUNT);
        if (!account || !see_pair(s, first, (uint32_t)(account - s->nodes), malicious)) { return false; }
    }
    return true;
}

// ---- groups

static uint32_t root_of(struct wev_split *s, uint32_t k)
{
    while (s->nodes[k].parent != k) {
        s->nodes[k].parent = s->nodes[s->nodes[k].parent].parent;
        k = s->nodes[k].parent;
    }
    return k;
}

static void join(struct wev_split *s, const struct pair *p, uint64_t most)
{
    uint32_t a = root_of(s, p->a), b = root_of(s, p->b);
    if (a == b || s->nodes[a].events + s->nodes[b].events > most) { return; }
    uint32_t into = a < b ? a : b, from = a < b ? b : a;
    s->nodes[from].parent = into;
    s->nodes[into].events += s->nodes[from].events;
    s->nodes[into].malicious += s->nodes[from].malicious;
}

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

// Runs first, those of attacks before all: they are few. Then by how often the two meet.
static int by_weight(const void *x, const void *y, void *context)
{
    const struct pair *a = x, *b = y;
    const struct node *nodes = context;
    int c = compare(nodes[b->a].kind == RUN, nodes[a->a].kind == RUN);
    if (!c && nodes[a->a].kind == RUN) { c = compare(b->malicious, a->malicious); }
    if (!c && nodes[a->a].kind != RUN) { c = compare(b->events, a->events); }
    if (!c) { c = compare(a->a, b->a); }
    return c ? c : compare(a->b, b->b);
}

// ---- dealing

struct hand {
    uint64_t want[WEV_SPLITS], have[WEV_SPLITS];
};

// The split that is furthest from full among those that the group fits into, by `also` too (NULL: no second limit); else the
// one with the most room.
static unsigned neediest(const struct hand *h, uint64_t size, const struct hand *also, uint64_t also_size)
{
    unsigned best = WEV_SPLIT_NONE, widest = 0;
    int64_t widest_room = INT64_MIN;
    for (unsigned k = 0; k < WEV_SPLITS; k++) {
        int64_t room = (int64_t)(h->want[k] - h->have[k]);
        if (h->want[k] && room > widest_room) {
            widest = k;
            widest_room = room;
        }
        if (!h->want[k] || room < (int64_t)size) { continue; }
        if (also && (int64_t)(also->want[k] - also->have[k]) < (int64_t)also_size) { continue; }
        // room / want, compared by cross products
        if (best == WEV_SPLIT_NONE || (wev_u128)room * h->want[best] > (wev_u128)(h->want[best] - h->have[best]) * h->want[k]) { best = k; }
    }
    return best == WEV_SPLIT_NONE ? widest : best;
}

struct turn {
    uint64_t order;
    uint32_t root;
};

static int by_order(const void *x, const void *y)
{
    const struct turn *a = x, *b = y;
    int c = compare(a->order, b->order);
    return c ? c : compare(a->root, b->root);
}

// Groups in an order that the seed gives; those with an attack first, so that attacks are in every split.
static void deal_groups(struct wev_split *s, struct turn *turns, size_t count, const unsigned percent[WEV_SPLITS])
{
    struct hand all, attacks;
    for (unsigned k = 0; k < WEV_SPLITS; k++) {
        all.want[k] = (uint64_t)((wev_u128)s->events * percent[k] / 100);
        attacks.want[k] = (uint64_t)((wev_u128)s->malicious * percent[k] / 100) + (percent[k] > 0);
        all.have[k] = attacks.have[k] = 0;
    }
    for (unsigned pass = 0; pass < 2; pass++) {
        for (size_t k = 0; k < count; k++) {
            struct node *g = &s->nodes[turns[k].root];
            if ((g->malicious > 0) != (pass == 0)) { continue; }
            g->split = (uint8_t)(pass == 0 ? neediest(&attacks, g->malicious, &all, g->events) : neediest(&all, g->events, NULL, 0));
            all.have[g->split] += g->events;
            attacks.have[g->split] += g->malicious;
        }
    }
}

// An account or run in no host's group goes to where most of its events are.
static void deal_rest(struct wev_split *s)
{
    for (size_t k = 0; k < s->node_count; k++) {
        struct node *n = &s->nodes[k];
        n->split = s->nodes[root_of(s, (uint32_t)k)].split;
    }
    for (size_t k = 0; k < s->pair_count; k++) {
        const struct pair *p = &s->pairs[k];
        const struct node *host = s->nodes[p->a].kind == HOST ? &s->nodes[p->a] : &s->nodes[p->b];
        struct node *other = host == &s->nodes[p->a] ? &s->nodes[p->b] : &s->nodes[p->a];
        if (host->kind == HOST && host->split < WEV_SPLITS) { other->vote[host->split] += p->events; }
    }
    for (unsigned pass = 0; pass < 2; pass++) { // runs by their hosts; then accounts that runs alone name
        for (size_t k = 0; k < s->node_count; k++) {
            struct node *n = &s->nodes[k];
            if (n->split < WEV_SPLITS) { continue; }
            for (unsigned w = 0; w < WEV_SPLITS; w++) {
                if (n->vote[w] && (n->split == WEV_SPLIT_NONE || n->vote[w] > n->vote[n->split])) { n->split = (uint8_t)w; }
            }
        }
        for (size_t k = 0; pass == 0 && k < s->pair_count; k++) {
            const struct node *run = &s->nodes[s->pairs[k].a];
            if (run->kind == RUN && run->split < WEV_SPLITS) { s->nodes[s->pairs[k].b].vote[run->split] += s->pairs[k].events; }
        }
    }
}

static void leave_out(struct wev_split *s)
{
    for (size_t k = 0; k < s->pair_count; k++) {
        struct node *a = &s->nodes[s->pairs[k].a], *b = &s->nodes[s->pairs[k].b];
        if (a->kind == RUN && a->split != b->split) { a->left_out = true; }
    }
}

static bool big_enough(const struct wev_split *s, const struct turn *turns, size_t count, const unsigned percent[WEV_SPLITS],
                       struct wev_error *e)
{
    uint64_t have[WEV_SPLITS + 1] = {0}, smallest = UINT64_MAX, hosts = 0;
    for (size_t k = 0; k < count; k++) {
        const struct node *g = &s->nodes[turns[k].root];
        have[g->split] += g->events;
        smallest = g->events < smallest ? g->events : smallest;
    }
    for (size_t k = 0; k < s->node_count; k++) { hosts += s->nodes[k].kind == HOST; }
    for (unsigned k = 0; k < WEV_SPLITS; k++) {
        uint64_t want = (uint64_t)((wev_u128)s->events * percent[k] / 100);
        if (!percent[k] || (have[k] > 0 && have[k] >= want / 2)) { continue; }
        e->code = WEV_E_ARGUMENT;
        snprintf(e->text, sizeof(e->text),
                 "--splits: %s is to have %u %% of %" PRIu64 " events, %" PRIu64 ", and gets %" PRIu64 ": %" PRIu64
                 " hosts with their accounts make %zu groups, the smallest of %" PRIu64 " events; take more events, more hosts or a larger share",
                 wev_split_names[k], percent[k], s->events, want, have[k], hosts, count, count ? smallest : 0);
        return false;
    }
    return true;
}

bool wev_split_deal(struct wev_split *s, const unsigned percent[WEV_SPLITS], uint64_t seed, struct wev_error *error)
{
    unsigned least = 100;
    for (unsigned k = 0; k < WEV_SPLITS; k++) { least = percent[k] && percent[k] < least ? percent[k] : least; }
    uint64_t share = (uint64_t)((wev_u128)s->events * least / 100), most = share / GROUP_SHARE;
    if (s->pair_count) { qsort_r(s->pairs, s->pair_count, sizeof(*s->pairs), by_weight, s->nodes); }
    for (size_t k = 0; k < s->pair_count; k++) {
        const struct pair *p = &s->pairs[k];
        join(s, p, s->nodes[p->a].kind == RUN && p->malicious ? share : most);
    }
    size_t count = 0;
    struct turn *turns = malloc((s->node_count + 1) * sizeof(*turns));
    if (!turns) {
        error->code = WEV_E_MEMORY;
        snprintf(error->text, sizeof(error->text), "out of memory for %zu hosts and accounts", s->node_count);
        return false;
    }
    for (uint32_t k = 0; k < s->node_count; k++) {
        const struct node *n = &s->nodes[k];
        if (n->parent == k && n->events) { turns[count++] = (struct turn){wev_choice_who(seed, n->name), k}; }
    }
    qsort(turns, count, sizeof(*turns), by_order);
    deal_groups(s, turns, count, percent);
    bool good = big_enough(s, turns, count, percent, error);
    deal_rest(s);
    leave_out(s);
    free(turns);
    return good;
}

unsigned wev_split_of(const struct wev_split *s, const struct wev_who *who)
{
    const struct node *host = &s->nodes[*find_node(s, who->host, HOST) - 1];
    if (who->run && s->nodes[*find_node(s, who->run, RUN) - 1].left_out) { return WEV_SPLIT_NONE; }
    for (unsigned k = 0; k < who->account_count; k++) {
        if (s->nodes[*find_node(s, who->account[k], ACCOUNT) - 1].split != host->split) { return WEV_SPLIT_NONE; }
    }
    return host->split;
}

void wev_split_keep(struct wev_split *s, const struct wev_who *who)
{
    s->nodes[*find_node(s, who->host, HOST) - 1].kept = true;
    if (who->run) { s->nodes[*find_node(s, who->run, RUN) - 1].kept = true; }
    for (unsigned k = 0; k < who->account_count; k++) { s->nodes[*find_node(s, who->account[k], ACCOUNT) - 1].kept = true; }
}

void wev_split_sizes(const struct wev_split *s, struct wev_split_size size[WEV_SPLITS])
{
    memset(size, 0, WEV_SPLITS * sizeof(*size));
    for (size_t k = 0; k < s->node_count; k++) {
        const struct node *n = &s->nodes[k];
        if (n->split >= WEV_SPLITS || !n->kept) { continue; }
        struct wev_split_size *z = &size[n->split];
        uint64_t *count[] = {[HOST] = &z->hosts, [ACCOUNT] = &z->accounts, [RUN] = &z->runs};
        ++*count[n->kind];
    }
}
