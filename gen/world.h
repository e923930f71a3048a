// A world: which stories happen how often in which window. Made once from the options, then const.
#ifndef WEV_WORLD_H
#define WEV_WORLD_H

#include "gen/clock.h"
#include "schema/wev.h"

enum {
    WEV_WORLD_BLOCK_MAX = 4096, // units of one block of everyday stories: the sum of weight times steps
    WEV_WORLD_ACT_MAX = 1024,   // units of one act
    WEV_WORLD_EVERYDAY_MAX = 32,
};

struct wev_plan_group;

struct wev_world_act {
    const struct wev_act *act;
    const struct wev_plan_group *groups; // one per step, by the plan
    uint64_t offset;      // units from the run's begin to where the act stands, or the one from which its time is reckoned
    uint64_t after_100ns; // since that one, when each act between comes after its own mean time
    uint64_t early_100ns; // the most that it can be sooner or later than that
    uint32_t base;        // that one, of the run's acts
    uint32_t length;      // units
    uint32_t first_step;  // steps of the run before this act
};

struct wev_world_story {
    const struct wev_story *story;
    const struct wev_world_act *acts;
    uint64_t runs;        // of a scenario
    uint64_t starts;      // units that a run may begin at
    uint64_t until;       // nothing that time is reckoned from begins later
    uint64_t moved;       // the most that a run is moved into its story's hours
};

struct wev_world {
    uint64_t seed, total; // units
    uint64_t block;       // units of a block
    struct wev_clock clock;
    struct wev_world_story *stories; // everyday ones first
    uint32_t count, everyday;
    uint64_t counts[3];   // of host, account, domain; 0: as the profile says
};

// Less than an hour after the act before is time as it passes, give or take half of it. From an hour on it is reckoned in what
// the fleet does meanwhile: who comes back two hours after six in the evening comes in the morning.
static inline bool wev_world_is_soon(const struct wev_act *act)
{
    return act->after_100ns < 3600ull * WEV_SECOND;
}

bool wev_world_wanted(const struct wev_config *config);
// NULL: error says what. Lives in `arena`; the acts' groups are for the plan to set.
struct wev_world *wev_world_make(struct wev_arena *arena, const struct wev_profile *profile, const struct wev_config *config,
                                 uint64_t start, struct wev_error *error);
// The most units of scenarios that may meet in one block, whatever the draws.
uint64_t wev_world_meet(const struct wev_world *world);
// How many there are of an entity.
uint64_t wev_world_count(const struct wev_world *world, const struct wev_entity *entity); // world may be NULL

#endif
