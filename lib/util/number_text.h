/* SPDX-License-Identifier: MIT */
/* Numbers as text, and back: the same bytes in every locale. */
#ifndef IFP_UTIL_NUMBER_TEXT_H
#define IFP_UTIL_NUMBER_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* IFP_NUMBER_SIZE: the bytes of a written number, with its NUL. IFP_NUMBER_LENGTH_MAX: a longer
 * text is not read as a number. */
enum { IFP_NUMBER_SIZE = 48, IFP_NUMBER_LENGTH_MAX = 300 };

/* Write a number with 15, 16 or 17 digits, the fewest that read back as the same double, without
 * trailing zeros and with "." in every locale; 0 for -0. Numbers that are not finite become "inf",
 * "-inf" or "nan". */
void ifp_number_write(char text[IFP_NUMBER_SIZE], double value);

/* Write a finite number in a format of strfromd, such as "%.2f", with "." in every locale. A text
 * of more than IFP_NUMBER_SIZE - 1 bytes is cut. */
void ifp_number_format(char text[IFP_NUMBER_SIZE], const char *format, double value);

/* Read a decimal number of exactly `length` bytes, with "." in every locale. Returns false if they
 * are anything else, are more than IFP_NUMBER_LENGTH_MAX, or if the number is too large for a
 * double. */
bool ifp_number_read(const char *text, size_t length, double *value);

/* Is the text spelled like a decimal number? True even if it is too large for a double. */
bool ifp_number_spelled(const char *string);

/* The value rounded to `digits` significant digits, 1 to 17. Infinite values and NaN are
 * unchanged. */
double ifp_number_to_digits(double value, int digits);

/* The value rounded to nine significant digits. The last bits of long sums may differ between
 * machines; these digits do not. Infinite values and NaN are unchanged. */
double ifp_number_rounded(double value);

#endif
