// A main for AFL++: persistent mode, test cases through shared memory. Compiled by afl-clang-fast alone, which brings the
// macros; run without AFL++ it takes one input on standard input.
#include "fuzz/law.h"

#include <unistd.h>

__AFL_FUZZ_INIT();

int main(void)
{
    wev_law_schema(); // before the fork server starts, so that it is loaded once
    __AFL_INIT();
    const unsigned char *input = __AFL_FUZZ_TESTCASE_BUF;
    while (__AFL_LOOP(10000)) {
        size_t n = (size_t)__AFL_FUZZ_TESTCASE_LEN;
        LLVMFuzzerTestOneInput(input, n);
    }
    return 0;
}
