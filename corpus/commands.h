// The subcommands of wevcorpus. Each gets argv from its own name on and gives the exit status:
// 0 fine, 1 found something, 2 usage or failure.
#ifndef WEV_COMMANDS_H
#define WEV_COMMANDS_H

int wev_judge_main(int argc, char **argv);
int wev_support_main(int argc, char **argv);
int wev_run_main(int argc, char **argv);
int wev_html_main(int argc, char **argv);
int wev_results_main(int argc, char **argv);
enum { WEV_CALL_CANNOT = 125 }; // call's exit status when there is nothing to call
int wev_call_main(int argc, char **argv);
int wev_build_main(int argc, char **argv);
int wev_add_main(int argc, char **argv);
int wev_verify_main(int argc, char **argv);
int wev_stat_main(int argc, char **argv);
int wev_dedupe_main(int argc, char **argv);
int wev_min_main(int argc, char **argv);
int wev_export_main(int argc, char **argv);

#endif
