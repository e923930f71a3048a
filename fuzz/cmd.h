// The subcommands of wevfuzz. Each gets argv from its own name on and gives the exit status:
// 0 fine, 1 found something, 2 usage or failure.
#ifndef WEV_CMD_H
#define WEV_CMD_H

int wev_fuzz_run_main(int argc, char **argv);
int wev_fuzz_triage_main(int argc, char **argv);
int wev_fuzz_target_main(int argc, char **argv);

#endif
