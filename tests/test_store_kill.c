// forall moments of a SIGKILL: the store is valid, what was told of is in it, and a rerun gives what an uninterrupted run gives.
#include "corpus/store.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { KILLS_DISK = 20, KILLS_MEMORY = 180 };

extern char **environ;
static char folder[200], reference[256], store[256], acks[256];
static const char *program;

// On disk a store waits for the disk most of the time; in memory every moment of it is hit alike.
static int open_folder(const char *tmp)
{
    program = getenv("WEVCORPUS") ? getenv("WEVCORPUS") : "build/wevcorpus";
    snprintf(folder, sizeof(folder), "%.150s/kill.XXXXXX", tmp);
    if (!mkdtemp(folder)) { return -1; }
    snprintf(reference, sizeof(reference), "%s/reference", folder);
    snprintf(store, sizeof(store), "%s/store", folder);
    snprintf(acks, sizeof(acks), "%s/acks", folder);
    return 0;
}

static int open_on_disk(void **state)
{
    (void)state;
    return open_folder(getenv("T") ? getenv("T") : "/tmp");
}

static int open_in_memory(void **state)
{
    (void)state;
    return open_folder(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("T") ? getenv("T") : "/tmp");
}

static int remove_folder(void **state)
{
    char command[256];
    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%.200s'", folder);
    return system(command);
}

static pid_t start(const char *const *arguments, const char *out)
{
    posix_spawn_file_actions_t actions;
    char *argv[24];
    pid_t pid;
    size_t n = 0;
    for (; arguments[n]; n++) { argv[n] = (char *)(uintptr_t)arguments[n]; }
    argv[n] = NULL;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_APPEND, 0666);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    assert_int_equal(posix_spawn(&pid, program, &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

// -1: it was killed
static int finish(pid_t pid)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static pid_t build(const char *path, const char *out, bool sync)
{
    const char *const arguments[] = {"wevcorpus", "build", path, "-n", "120", "-s", "5", "--malformed", "60%", "--twin", "--batch", "8",
                                     "-v", sync ? NULL : "--no-sync", NULL};
    return start(arguments, out);
}

static uint64_t microseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000;
}

static struct wev_span text_of(const char *path)
{
    struct wev_span text;
    struct wev_error e;
    if (!wev_file_read(path, 64 << 20, &text, &e)) { fail_msg("%s", e.text); }
    return text;
}

// Every whole line of what was printed, which alone stays, names a document that the index names, too, and that is there.
static size_t check_acks(void)
{
    char index[300], file[400];
    snprintf(index, sizeof(index), "%s/index.jsonl", store);
    if (access(acks, F_OK) != 0) { return 0; }
    struct wev_span told = text_of(acks), lines = {NULL, 0};
    size_t count = 0;
    if (told.n) { lines = text_of(index); }
    for (const char *p = told.p, *end; p && (end = memchr(p, '\n', (size_t)(told.p + told.n - p))) != NULL; p = end + 1) {
        const char *blank = memchr(p, ' ', (size_t)(end - p));
        if (!blank || memcmp(p, "objects/", 8) != 0) { continue; } // the last line
        if (!memmem(lines.p, lines.n, p, (size_t)(blank - p))) { fail_msg("told of and lost: %.*s", (int)(blank - p), p); }
        snprintf(file, sizeof(file), "%s/%.*s", store, (int)(blank - p), p);
        if (access(file, R_OK) != 0) { fail_msg("told of and lost: %s", file); }
        count++;
    }
    size_t whole = told.n;
    while (whole > 0 && told.p[whole - 1] != '\n') { whole--; }
    assert_int_equal(truncate(acks, (off_t)whole), 0); // a word that was cut short is none; the next writer begins a line
    free((char *)(uintptr_t)told.p);
    free((char *)(uintptr_t)lines.p);
    return count;
}

static void check_store(void)
{
    const char *const verify[] = {"wevcorpus", "verify", store, NULL};
    char mark[300], out[300];
    snprintf(mark, sizeof(mark), "%s/store", store);
    snprintf(out, sizeof(out), "%s/verify", folder);
    unlink(out);
    if (access(mark, F_OK) != 0) { return; } // killed before it was made
    snprintf(mark, sizeof(mark), "%s/index.jsonl", store);
    if (access(mark, F_OK) != 0) { return; }
    int status = finish(start(verify, out));
    if (status != 0) {
        struct wev_span said = text_of(out);
        fail_msg("verify: exit status %d: %.*s", status, (int)said.n, said.p);
    }
}

static void check_equal(void)
{
    char command[700];
    snprintf(command, sizeof(command), "diff -r '%s' '%s' >&2", reference, store);
    assert_int_equal(system(command), 0);
}

static void start_again(void)
{
    char command[700];
    snprintf(command, sizeof(command), "rm -rf '%s' '%s'", store, acks);
    assert_int_equal(system(command), 0);
}

// Waits until the writer has told of at least so many bytes more, or has ended: on a slow disk a moment by the clock alone can come before
// the first word in every run.
static void await_word(pid_t pid, off_t more)
{
    struct stat before = {0}, now;
    siginfo_t ended;
    (void)stat(acks, &before);
    for (unsigned tries = 0; tries < 60000; tries++) {
        memset(&ended, 0, sizeof(ended));
        if (stat(acks, &now) == 0 && now.st_size >= before.st_size + more) { return; }
        if (waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == pid) { return; }
        usleep(500);
    }
    fail_msg("the writer neither told of a document nor ended in 30 seconds");
}

static void kill_often(unsigned often)
{
    uint64_t draw = 0x9e3779b97f4a7c15u, began = microseconds(), told = 0;
    char out[300];
    snprintf(out, sizeof(out), "%s/out", folder);
    assert_int_equal(finish(build(reference, out, false)), 0);
    uint64_t whole = microseconds() - began;
    unsigned kills = 0, finished = 0, runs = 0;
    for (; kills < often; runs++) {
        draw ^= draw << 13, draw ^= draw >> 7, draw ^= draw << 17;
        // from before main to past the end: a run that is left alone for as long as a whole one finishes
        uint64_t wait = 1500 + draw % (whole / 2 + 1);
        pid_t pid = build(store, acks, runs % 4 == 0);
        if (runs % 2) {
            await_word(pid, (off_t)(1 + draw % 4000));
            wait /= 8;
        }
        usleep((useconds_t)wait);
        kill(pid, SIGKILL);
        int status = finish(pid);
        kills += status == -1;
        told += check_acks();
        check_store();
        if (status == -1) { continue; }
        assert_int_equal(status, 0);
        check_equal();
        start_again();
        finished++;
    }
    assert_int_equal(finish(build(store, acks, true)), 0);
    check_acks();
    check_store();
    check_equal();
    assert_true(told > 0);
    print_message("# %u runs, %u killed, %u finished\n", runs, kills, finished);
}

static void test_kills_on_disk(void **state)
{
    (void)state;
    kill_often(KILLS_DISK);
}

static void test_kills_in_memory(void **state)
{
    (void)state;
    kill_often(KILLS_MEMORY);
}

// Two writers at once: each waits for the other, and both have all that they put.
static void test_two_writers(void **state)
{
    char first[300], second[300];
    (void)state;
    assert_int_equal(finish(build(reference, "/dev/null", false)), 0);
    snprintf(first, sizeof(first), "%s/first", folder);
    snprintf(second, sizeof(second), "%s/second", folder);
    pid_t a = build(store, first, true), b = build(store, second, true);
    assert_int_equal(finish(a), 0);
    assert_int_equal(finish(b), 0);
    check_store();
    check_equal();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kills_on_disk, open_on_disk, remove_folder),
        cmocka_unit_test_setup_teardown(test_kills_in_memory, open_in_memory, remove_folder),
        cmocka_unit_test_setup_teardown(test_two_writers, open_in_memory, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
