// A command and all that comes of it, which end together.
#ifndef BENCH_KEEP_H
#define BENCH_KEEP_H

// For so many seconds at most; 0: no limit. Its exit status; 128 and a signal's number: it, or we, got that; 124: time was over.
int keep_main(long seconds, char **argv);

#endif
