// Your own C parser under libFuzzer, with the mutator that knows events. From the top folder, after make and make fuzz:
//   clang -g -fsanitize=fuzzer,address fuzz/examples/c/harness.c YOUR.c build/libwevmutator.a -lmxml -lxxhash -lm -o mine
//   build/wevfuzz run --engine libfuzzer -- ./mine
#include <stddef.h>
#include <stdint.h>

int parse(const uint8_t *p, size_t n); // yours

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    parse(p, n); // crashes, leaks and hangs are what is found; an assert() on its result adds your own law
    return 0;
}
