// What datasets stand on: splits that share nothing, sums that others check, text that survives JSON and CSV.
#include "gen/choice.h"
#include "gen/dataset/row.h"
#include "gen/dataset/split.h"
#include "gen/dataset/sha256.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

static uint64_t drawn(uint64_t seed, uint64_t n, uint64_t below)
{
    return wev_choice_below(wev_choice_join(wev_choice_who(seed, n), wev_choice_where(1, 0)), below);
}

// Event n of a made-up estate: hosts with people of their own, some who roam, services on every fourth host, and attacks that
// touch three hosts.
static struct wev_who event_of(uint64_t seed, uint64_t n, uint64_t hosts, bool *malicious)
{
    struct wev_who who = {.host = 1000 + drawn(seed, 4 * n, hosts), .account_count = 1};
    uint64_t kind = drawn(seed, 4 * n + 1, 100);
    *malicious = kind < 3;
    if (kind < 3) {
        who.run = 1 + drawn(seed, 4 * n + 2, hosts / 4 + 1);
        who.host = 1000 + (7 * who.run + drawn(seed, 4 * n + 3, 3)) % hosts;
        who.account[0] = 1u << 20 | who.run;
    } else if (kind < 8) {
        who.account[0] = 1u << 21 | drawn(seed, 4 * n + 2, 9); // a service, or who goes everywhere
    } else {
        who.account[0] = 1u << 22 | (who.host * 4 + drawn(seed, 4 * n + 2, 3));
    }
    return who;
}

// forall estates: no host, account or run is in two splits, runs are whole, each split has what it asked for within a
// tenth of all, and little is left out.
static void splits_share_nothing(void **state)
{
    enum { EVENTS = 20000, NAMES = 1 << 23 };
    static uint8_t in[3][NAMES]; // by kind and name: split + 1
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        static const unsigned percent[6][WEV_SPLITS] = {{80, 10, 10}, {60, 20, 20}, {98, 1, 1}, {50, 0, 50}, {34, 33, 33}, {80, 10, 10}};
        const unsigned *want = percent[seed - 1];
        uint64_t hosts = seed == 6 ? 40 : 300 * seed, have[WEV_SPLITS + 1] = {0};
        struct wev_split *s = wev_split_new();
        struct wev_error e;
        bool malicious;
        memset(in, 0, sizeof(in));
        for (uint64_t n = 0; n < EVENTS; n++) {
            struct wev_who who = event_of(seed, n, hosts, &malicious);
            assert_true(wev_split_see(s, &who, malicious));
        }
        if (!wev_split_deal(s, want, seed, &e)) { fail_msg("seed %" PRIu64 ": %s", seed, e.text); }
        for (uint64_t n = 0; n < EVENTS; n++) {
            struct wev_who who = event_of(seed, n, hosts, &malicious);
            unsigned split = wev_split_of(s, &who);
            const uint64_t name[3] = {who.host, who.account[0], who.run};
            have[split]++;
            for (unsigned k = 0; k < 3; k++) {
                if (!name[k] || (split == WEV_SPLIT_NONE && k < 2)) { continue; } // of a run, all or nothing
                uint8_t *was = &in[k][name[k]];
                if (*was && *was != split + 1) { fail_msg("seed %" PRIu64 ": %" PRIu64 " of kind %u is in split %u and %u", seed, name[k], k, *was - 1u, split); }
                *was = (uint8_t)(split + 1);
            }
        }
        for (unsigned k = 0; k < WEV_SPLITS; k++) {
            uint64_t asked = (uint64_t)EVENTS * want[k] / 100, off = asked > have[k] ? asked - have[k] : have[k] - asked;
            if (off > EVENTS / 10 || (want[k] == 0) != (have[k] == 0)) { fail_msg("seed %" PRIu64 ": split %u has %" PRIu64 " of %" PRIu64, seed, k, have[k], asked); }
        }
        if (have[WEV_SPLIT_NONE] > EVENTS / 10) { fail_msg("seed %" PRIu64 ": %" PRIu64 " left out", seed, have[WEV_SPLIT_NONE]); }
        wev_split_free(s);
    }
}

static void too_few_hosts_say_the_numbers(void **state)
{
    static const unsigned percent[WEV_SPLITS] = {80, 10, 10};
    struct wev_split *s = wev_split_new();
    struct wev_error e = {.code = WEV_OK};
    (void)state;
    for (uint64_t n = 0; n < 200; n++) { assert_true(wev_split_see(s, &(struct wev_who){.host = 1 + n % 2}, false)); }
    assert_false(wev_split_deal(s, percent, 1, &e));
    assert_int_equal(e.code, WEV_E_ARGUMENT);
    assert_non_null(strstr(e.text, "10 % of 200 events, 20, and gets 0: 2 hosts with their accounts make 2 groups, the smallest of 100 events"));
    wev_split_free(s);
}

// FIPS 180-4's examples, at every way to cut them.
static void sums_are_sha256(void **state)
{
    static const struct { const char *text, *sum; } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    char sum[65];
    struct wev_sha256 s;
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(cases); k++) {
        size_t n = strlen(cases[k].text);
        for (size_t cut = 0; cut <= n; cut++) {
            wev_sha256_start(&s);
            wev_sha256_add(&s, cases[k].text, cut);
            wev_sha256_add(&s, cases[k].text + cut, n - cut);
            wev_sha256_end(&s, sum);
            assert_string_equal(sum, cases[k].sum);
        }
    }
    wev_sha256_start(&s);
    for (unsigned k = 0; k < 1000000; k++) { wev_sha256_add(&s, "a", 1); }
    wev_sha256_end(&s, sum);
    assert_string_equal(sum, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// FIPS 180-4's two vectors by their padded blocks, and forall blocks: with the processor's instructions or without, the same.
static void portable_sums_are_the_same(void **state)
{
    static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    static const uint32_t begin[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
                          abc[8] = {0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad},
                          long_one[8] = {0x248d6a61, 0xd20638b8, 0xe5c02693, 0x0c3e6039, 0xa33ce459, 0x64ff2167, 0xf6ecedd4, 0x19db06c1};
    uint8_t blocks[1024] = "abc\x80";
    uint32_t sum[8];
    (void)state;
    blocks[63] = 24;
    memcpy(sum, begin, sizeof(sum));
    wev_sha256_portable(sum, blocks, 1);
    assert_memory_equal(sum, abc, sizeof(sum));
    memset(blocks, 0, sizeof(blocks));
    memcpy(blocks, two, 56);
    blocks[56] = 0x80;
    blocks[126] = 1; // 448 bits
    blocks[127] = 0xc0;
    memcpy(sum, begin, sizeof(sum));
    wev_sha256_portable(sum, blocks, 2);
    assert_memory_equal(sum, long_one, sizeof(sum));
    for (uint64_t n = 0; n < 2000; n++) {
        struct wev_sha256 s;
        for (size_t k = 0; k < sizeof(blocks); k++) { blocks[k] = (uint8_t)drawn(n, k, 256); }
        size_t count = 1 + drawn(n, sizeof(blocks), 16);
        memcpy(sum, begin, sizeof(sum));
        wev_sha256_portable(sum, blocks, count);
        wev_sha256_start(&s);
        wev_sha256_add(&s, blocks, 64 * count);
        assert_memory_equal(sum, s.state, sizeof(sum));
    }
}

// forall bytes: what is called text is what jansson, too, takes for UTF-8, and escaping gives it back.
static void text_survives_json(void **state)
{
    static const char *const parts[] = {"a", "\"", "\\", "\n", "\x01", "\x7f", "\xc3\xa9", "\xe2\x80\x8e", "\xf0\x9f\x98\x80", "\xed\xa0\x80", "\xc0\xaf",
                                        "\xff", "\xf4\x90\x80\x80", "\xe2\x80", "plain words ", "\x1f\x20"};
    (void)state;
    for (uint64_t n = 0; n < 20000; n++) {
        char bytes[128], line[6 * sizeof(bytes) + 32];
        size_t size = 0, count = drawn(9, n, 12);
        for (uint64_t k = 0; k < count; k++) {
            const char *part = parts[drawn(n, k, k % 3 ? 9 : WEV_COUNT(parts))];
            memcpy(bytes + size, part, strlen(part));
            size += strlen(part);
        }
        line[0] = '"';
        char *end = wev_json_escape(line + 1, bytes, size);
        *end++ = '"';
        json_error_t why;
        json_t *back = json_loadb(line, (size_t)(end - line), JSON_DECODE_ANY, &why);
        bool text = wev_row_is_text((struct wev_span){bytes, size});
        if (text != (back != NULL)) { fail_msg("case %" PRIu64 ": text %d, but jansson says %s", n, text, back ? "text" : why.text); }
        if (back) {
            assert_int_equal(json_string_length(back), size);
            assert_memory_equal(json_string_value(back), bytes, size);
            json_decref(back);
        }
    }
    assert_false(wev_row_is_text((struct wev_span){"a\0b", 3}));
    assert_false(wev_row_is_text((struct wev_span){"abcdefgh\0", 9}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_share_nothing),
        cmocka_unit_test(too_few_hosts_say_the_numbers),
        cmocka_unit_test(sums_are_sha256),
        cmocka_unit_test(portable_sums_are_the_same),
        cmocka_unit_test(text_survives_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
