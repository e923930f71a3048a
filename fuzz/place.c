// Where the parts of the fuzz side are: in a source tree's build folder, or installed.
#include "fuzz/subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool there(const char *folder, const char *file)
{
    char path[PATH_MAX];
    return (size_t)snprintf(path, sizeof(path), "%s/%s", folder, file) < sizeof(path) && access(path, F_OK) == 0;
}

static bool up(char *path)
{
    char *slash = strrchr(path, '/');
    if (!slash || slash == path) { return false; }
    *slash = 0;
    return true;
}

void wev_place_find(struct wev_place *p)
{
    *p = (struct wev_place){.root = ""};
    char path[PATH_MAX] = "";
    ssize_t n = readlink("/proc/self/exe", p->self, sizeof(p->self) - 1);
    if (n <= 0 || (size_t)n >= sizeof(p->root)) { return; }
    memcpy(path, p->self, (size_t)n + 1);
    up(path);
    char *name = strrchr(path, '/');
    if (name && !strcmp(name, "/bin")) { memcpy(p->prefix, path, (size_t)(name - path)); }
    for (int k = 0; k < 3 && up(path); k++) { // build/, build/san/, …
        if (!there(path, "fuzz/fuzz.mk") || !there(path, "Makefile")) { continue; }
        memcpy(p->root, path, strlen(path) + 1);
        return;
    }
}

bool wev_place_file(const struct wev_place *p, const char *built, const char *installed, char *path, size_t cap)
{
    const char *base = p->root[0] ? p->root : p->prefix;
    return base[0] && (size_t)snprintf(path, cap, "%s/%s", base, p->root[0] ? built : installed) < cap && access(path, R_OK) == 0;
}

bool wev_place_seeds(const struct wev_place *p, const char *harness, char *path, size_t cap)
{
    char own[300];
    snprintf(own, sizeof(own), "build/fuzz-seeds/%.200s", harness ? harness : "");
    if (harness && wev_place_file(p, own, "", path, cap) && p->root[0]) { return true; }
    return wev_place_file(p, "corpus/seeds", "share/wevgen/seeds", path, cap);
}

bool wev_subject_program(const char *name, char path[PATH_MAX])
{
    const char *list = getenv("PATH");
    for (const char *p = list ? list : "/usr/local/bin:/usr/bin:/bin"; *p;) {
        size_t n = strcspn(p, ":");
        bool fits = (size_t)snprintf(path, PATH_MAX, "%.*s/%s", (int)n, n ? p : ".", name) < PATH_MAX;
        if (fits && access(path, X_OK) == 0) { return true; }
        p += n + (p[n] == ':');
    }
    return false;
}

bool wev_subject_holds(const char *path, const char *const *texts)
{
    struct wev_error ignored;
    struct wev_span bytes;
    bool found = false;
    if (!wev_file_read(path, (size_t)1 << 30, &bytes, &ignored)) { return false; }
    for (; *texts && !found; texts++) { found = memmem(bytes.p, bytes.n, *texts, strlen(*texts)) != NULL; }
    free((char *)(uintptr_t)bytes.p);
    return found;
}
