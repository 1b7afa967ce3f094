/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into every program of a test run: takes up the locale of the environment before main,
 * as a program that embeds the library may do. Without it no test would leave the C locale.
 */
#include <locale.h>

__attribute__((constructor)) static void take_up_locale(void)
{
    setlocale(LC_ALL, "");
}
