// SHA-1, and the SIDs that Windows makes of the names of services and application pools.
#include "gen/sha1.h"
#include "gen/virtual_sid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// RFC 3174 7.3, and the sums that sha1sum (GNU coreutils) gives at the edges of a block.
static void digests_are_those_of_the_rfc(void **state)
{
    (void)state;
    static const struct { const char *text; unsigned times; const char *digest; } cases[] = {
        {"abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
        {"a", 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
        {"0123456701234567012345670123456701234567012345670123456701234567", 10, "dea356a2cddd90c7a7ecedc5ebb563934f460452"},
        {"k", 55, "5e1de406b6d9bebd69d34827085294fefddc11c0"},
        {"k", 56, "9eb2a7db88af677c4111d3e7abc2be0197d981a6"},
        {"k", 63, "f14bcaa24dea6cc593b0bf3e6f282f6dc54db54b"},
        {"k", 64, "ae9257c05b6d6185c189a3c2867bbca720d7e095"},
        {"k", 65, "e5f412114bfbd9c0a54966b9cbe0b4bd73568281"},
        {"k", 119, "5ab243574f3c9e0f978c0a3ed3c6c2c5342c4da3"},
        {"k", 120, "518a851abb79ae865542a00aad077b11950e6fae"},
        {"k", 128, "890531b1f2783d12fcb3eab39c4b3084fdc5c35c"},
    };
    for (size_t k = 0; k < WEV_COUNT(cases); k++) {
        size_t n = strlen(cases[k].text);
        char *text = malloc(n * cases[k].times + 1), hex[48];
        uint8_t digest[20];
        assert_non_null(text);
        for (unsigned t = 0; t < cases[k].times; t++) { memcpy(text + t * n, cases[k].text, n); }
        wev_sha1((const uint8_t *)text, n * cases[k].times, digest);
        for (unsigned b = 0; b < 20; b++) { snprintf(hex + 2 * b, 3, "%02x", digest[b]); }
        assert_string_equal(hex, cases[k].digest);
        free(text);
    }
}

// Published by Microsoft: TrustedInstaller in the list of well-known SIDs, DefaultAppPool on application pool identities, MSSQLSERVER
// and the pools of .NET are in users' reports. The last ones by Python's hashlib over the name in UTF-16LE with the case of Unicode.
static void sids_are_those_of_windows(void **state)
{
    (void)state;
    static const struct { const char *name; bool upper; uint32_t subs[WEV_VIRTUAL_SUBS]; } cases[] = {
        {"TrustedInstaller", true, {956008885, 3418522649, 1831038044, 1853292631, 2271478464}},
        {"DefaultAppPool", false, {3006700770, 424185619, 1745488364, 794895919, 4004696415}},
        {"MSSQLSERVER", true, {3880718306, 3832830129, 1677859214, 2598158968, 1052248003}},
        {".NET v4.5", false, {271721585, 897601226, 2024613209, 625570482, 296978595}},
        {".NET v4.5 Classic", false, {3876422241, 1344743610, 1729199087, 774402673, 2621913236}},
        {"Größe Ünd Öl", false, {2249522278, 1630568497, 1055700208, 359692643, 3591357406}},
        {"grö und öl", true, {502367015, 69122253, 2935565351, 3680369317, 2570560343}},
        {"Служба Ёж", true, {2573243379, 2169059767, 968434676, 3033303991, 2118189183}},
        {"ΠΥΛΗ ελα", false, {1335749390, 3586025838, 2893534280, 3164184041, 1978507070}},
        {"key 🔑 a", true, {3808321093, 2405111597, 979195783, 2662249846, 2032303969}},
    };
    for (size_t k = 0; k < WEV_COUNT(cases); k++) {
        uint32_t subs[WEV_VIRTUAL_SUBS];
        wev_virtual_sid(wev_span_of(cases[k].name), cases[k].upper, subs);
        for (unsigned m = 0; m < WEV_VIRTUAL_SUBS; m++) {
            if (subs[m] != cases[k].subs[m]) { fail_msg("%s: number %u is %u, not %u", cases[k].name, m, subs[m], cases[k].subs[m]); }
        }
    }
}

// Names are cut, never read or written too far.
static void long_names_end(void **state)
{
    (void)state;
    uint32_t one[WEV_VIRTUAL_SUBS], two[WEV_VIRTUAL_SUBS];
    char *name = malloc(2048);
    assert_non_null(name);
    for (size_t k = 0; k < 2048; k += 4) { memcpy(name + k, "\xf0\x9f\x94\x91", 4); } // a pair of surrogates each
    wev_virtual_sid((struct wev_span){name, 1024}, false, one);
    wev_virtual_sid((struct wev_span){name, 2048}, true, two);
    assert_memory_equal(one, two, sizeof(one));
    for (size_t n = 1; n < 4; n++) { // cut inside a character
        char *part = malloc(n);
        assert_non_null(part);
        memcpy(part, name, n);
        wev_virtual_sid((struct wev_span){part, n}, false, one);
        free(part);
    }
    free(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_those_of_the_rfc),
        cmocka_unit_test(sids_are_those_of_windows),
        cmocka_unit_test(long_names_end),
    };
    return cmocka_run_group_tests_name("virtual_sid", tests, NULL, NULL);
}
