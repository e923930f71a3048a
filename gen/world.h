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
    uint64_t offset;      // units from the run's begin
    uint32_t length;      // units
    uint32_t first_step;  // steps of the run before this act
};

struct wev_world_story {
    const struct wev_story *story;
    const struct wev_world_act *acts;
    uint64_t runs;        // of a scenario
    uint64_t starts;      // units that a run may begin at
};

struct wev_world {
    uint64_t seed, total; // units
    uint64_t block;       // units of a block
    struct wev_clock clock;
    struct wev_world_story *stories; // everyday ones first
    uint32_t count, everyday;
    uint64_t counts[3];   // of host, account, domain; 0: as the profile says
};

bool wev_world_wanted(const struct wev_config *config);
// NULL: error says what. Lives in `arena`; the acts' groups are for the plan to set.
struct wev_world *wev_world_make(struct wev_arena *arena, const struct wev_profile *profile, const struct wev_config *config,
                                 uint64_t start, struct wev_error *error);
// How many there are of an entity.
uint64_t wev_world_count(const struct wev_world *world, const struct wev_entity *entity); // world may be NULL

#endif
