// Keeps a command's processes together: when it ends, its time is over, we are told to end, or whoever started us is gone, none
// of them lives on, whatever session it began for itself, as AFL++'s fork servers do.
#include "tests/bench/bugs/keep.h"

#include "corpus/spawn.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 50, OVERTIME = 124, FAILED = 2 };

static volatile sig_atomic_t told;

static void on_signal(int number)
{
    told = number;
}

static void listen_to_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction act = {.sa_handler = on_signal};
    for (size_t k = 0; k < WEV_COUNT(numbers); k++) { sigaction(numbers[k], &act, NULL); }
}

static _Noreturn void become(char **argv)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execvp(argv[0], argv);
    fprintf(stderr, "bugbench: cannot run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

int keep_main(long seconds, char **argv)
{
    const struct timespec nap = {0, TICK_MS * 1000000};
    int64_t deadline = wev_spawn_now_ms() + 1000 * (int64_t)seconds;
    int status = 0;
    bool ended = false, late = false;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    listen_to_signals();
    wev_spawn_begin();
    pid_t pid = fork();
    if (pid == 0) { become(argv); }
    if (pid < 0) { return perror("bugbench: fork"), FAILED; }
    while (!ended && !told && !late) {
        ended = waitpid(pid, &status, WNOHANG) == pid;
        late = seconds && wev_spawn_now_ms() > deadline;
        if (!ended) { nanosleep(&nap, NULL); }
    }
    if (!ended) {
        kill(-pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    wev_spawn_finish();
    if (!ended) { return told ? 128 + told : OVERTIME; }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
