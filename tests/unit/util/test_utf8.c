/* SPDX-License-Identifier: MIT */
/* UTF-8: which bytes are characters, and where a text may be cut. */
#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "support/suite.h"
#include "util/utf8.h"

/* The bytes of a code point, up to 0x1fffff and also for surrogates, in `bytes` bytes. */
static void encode(uint32_t point, size_t bytes, char text[4])
{
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t b = bytes - 1; b > 0; b--, point >>= 6)
        text[b] = (char)(0x80 | (point & 0x3f));
    text[0] = (char)(bytes == 1 ? point : first[bytes] | point);
}

static size_t bytes_of(uint32_t point)
{
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/* Every code point is read back from its own bytes, and from no other number of bytes. */
START_TEST(all_code_points)
{
    for (uint32_t point = 0; point < 0x200000; point++) {
        size_t own = bytes_of(point);
        bool valid = point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000);
        for (size_t bytes = own; bytes <= 4; bytes++) {
            char text[4];
            uint32_t found = 77;
            encode(point, bytes, text);
            size_t expected = valid && bytes == own ? own : 0;
            ck_assert_uint_eq(ifp_utf8_decode(text, bytes, &found), expected);
            ck_assert_uint_eq(found, expected ? point : 77);
        }
    }
}
END_TEST

/* A character that is cut off is none. The bytes behind the end are not there to be read. */
START_TEST(cut_characters)
{
    static const uint32_t points[] = {0x41, 0xe9, 0x6f22, 0x1f600};
    for (size_t p = 0; p < sizeof points / sizeof *points; p++) {
        for (size_t size = 0; size < bytes_of(points[p]); size++) {
            char text[4];
            uint32_t found;
            encode(points[p], bytes_of(points[p]), text);
            char *exact = malloc(size + 1);
            ck_assert_ptr_nonnull(exact);
            memcpy(exact, text, size);
            exact[size] = '\0';
            ck_assert_uint_eq(ifp_utf8_decode(exact, size, &found), 0);
            /* A terminated string, of which more bytes are said to be there. */
            ck_assert_uint_eq(ifp_utf8_decode(exact, 4, &found), size == 0 ? 1 : 0);
            free(exact);
        }
    }
}
END_TEST

/* Every pair of bytes: valid ones are the characters of one and two bytes. */
START_TEST(pairs_of_bytes)
{
    size_t valid = 0;
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        char text[2] = {(char)(pair >> 8), (char)(pair & 255)};
        uint32_t point;
        valid += ifp_utf8_decode(text, 2, &point) == 2;
    }
    ck_assert_uint_eq(valid, 0x800 - 0x80);
}
END_TEST

/* Bytes that are no characters count one by one; the next character is found again. */
START_TEST(characters_of_a_string)
{
    static const char string[] = "a\xc3\xa9\x80\xe6\xbc\xff\xf0\x9f\x98\x80\xc3";
    static const uint32_t expected[] = {'a',        0xe9,       UINT32_MAX, UINT32_MAX,
                                        UINT32_MAX, UINT32_MAX, 0x1f600,    UINT32_MAX};
    const char *at = string;
    for (size_t e = 0; e < sizeof expected / sizeof *expected; e++)
        ck_assert_uint_eq(ifp_utf8_next(&at), expected[e]);
    ck_assert_ptr_eq(at, string + sizeof string - 1);
}
END_TEST

START_TEST(first_bytes)
{
    for (int byte = 0; byte < 256; byte++)
        ck_assert_int_eq(ifp_utf8_continues((char)byte), byte >= 0x80 && byte < 0xc0);
}
END_TEST

/* What is left of a long text: its ends, in whole characters, and never more than asked for. */
START_TEST(long_text_is_shortened)
{
    static const struct {
        const char *text;
        size_t maximum;
        size_t head;
        size_t tail;
    } cases[] = {
        {"", 3, 0, 0},
        {"abc", 3, 3, 0},
        {"abcd", 3, 0, 0},
        {"abcde", 4, 1, 0},
        {"abcdef", 5, 1, 1},
        {"abcdefghijk", 10, 4, 3},
        {"a\xc3\xa9"
         "efg",
         5, 1, 1},
        {"a\xc3\xa9"
         "fgh\xc3\xa9",
         7, 1, 2},
        {"ab\xe6\xbc\xa2"
         "cdef\xe6\xbc\xa2",
         9, 2, 3},
        {"abcdefgh\xe6\xbc\xa2", 8, 3, 0},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        size_t head = 77;
        size_t tail = 77;
        ifp_utf8_shorten(cases[c].text, strlen(cases[c].text), cases[c].maximum, &head, &tail);
        ck_assert_msg(head == cases[c].head && tail == cases[c].tail, "case %zu: %zu and %zu", c,
                      head, tail);
    }
}
END_TEST

static Suite *utf8_suite(void)
{
    Suite *suite = suite_create("utf8");
    TCase *utf8 = tcase_create("utf8");
    tcase_set_timeout(utf8, 60);
    tcase_add_test(utf8, all_code_points);
    tcase_add_test(utf8, cut_characters);
    tcase_add_test(utf8, pairs_of_bytes);
    tcase_add_test(utf8, characters_of_a_string);
    tcase_add_test(utf8, first_bytes);
    tcase_add_test(utf8, long_text_is_shortened);
    suite_add_tcase(suite, utf8);
    return suite;
}

int main(void)
{
    return suite_run(utf8_suite());
}
