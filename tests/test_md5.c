// MD5 and the words that key file names are made of.
#include "gen/md5.h"
#include "gen/text.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

// RFC 1321 A.5, and the sums that md5sum (GNU coreutils) gives at the edges of a block.
static void digests_are_those_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned times;
        const char *digest;
    } cases[] = {
        {"", 1, "d41d8cd98f00b204e9800998ecf8427e"},
        {"a", 1, "0cc175b9c0f1b6a831c399e269772661"},
        {"abc", 1, "900150983cd24fb0d6963f7d28e17f72"},
        {"message digest", 1, "f96b697d7cb7938d525a2f31aaf161d0"},
        {"abcdefghijklmnopqrstuvwxyz", 1, "c3fcd3d76192e4007dfb496cca67e13b"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 1, "d174ab98d277d9f5a5611c2c9f419d9f"},
        {"1234567890", 8, "57edf4a22be3c955ac49da2e2107b67a"},
        {"k", 55, "f79f83e3aced4f982e07a1506063b383"},
        {"k", 56, "591a02036ec465ba18d49fcf542393c4"},
        {"k", 63, "c50d8e66810e6c9b4bee06af0d93a639"},
        {"k", 64, "a18cc771b8188ff945d0dd7757c50fd1"},
        {"k", 65, "aedbc330ec135bf79f8a1988a8cf9531"},
        {"k", 119, "e98dff4fa8de0399e290a5a387aa4ca1"},
        {"k", 120, "79856b3763fe0eb68f4f8a05651ac41a"},
        {"k", 128, "f482d48b15f0276fc01db6d687a1be3e"},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        char text[512] = "", hex[40];
        uint8_t digest[16];
        for (unsigned t = 0; t < cases[k].times; t++) { strcat(text, cases[k].text); }
        wev_md5((const uint8_t *)text, strlen(text), digest);
        for (unsigned b = 0; b < 16; b++) { snprintf(hex + 2 * b, 3, "%02x", digest[b]); }
        assert_string_equal(hex, cases[k].digest);
    }
}

// forall bytes, at each place of a word: as tolower and a loop have it
static void words_are_lowered_and_spread(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        for (unsigned at = 0; at < 8; at++) {
            char in[8] = {'Q', '@', '[', 'z', '\x7f', 'A', 'Z', '`'}, low[8], wide[16];
            uint64_t w;
            in[at] = (char)c;
            memcpy(&w, in, sizeof(w));
            w = wev_text_lower(le64toh(w));
            wev_text_store(low, w);
            wev_text_store(wide, wev_text_spread((uint32_t)w));
            wev_text_store(wide + 8, wev_text_spread((uint32_t)(w >> 32)));
            for (unsigned k = 0; k < 8; k++) {
                unsigned char was = (unsigned char)in[k];
                assert_int_equal((unsigned char)low[k], was < 128 ? (unsigned char)tolower(was) : was);
                assert_int_equal(wide[2 * k], low[k]);
                assert_int_equal(wide[2 * k + 1], 0);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_those_of_the_rfc),
        cmocka_unit_test(words_are_lowered_and_spread),
    };
    return cmocka_run_group_tests_name("md5", tests, NULL, NULL);
}
