/* Digits of floating-point numbers, for newlib's printf (patches/0005). */
#ifndef HERMIT_FLOAT_DIGITS_H
#define HERMIT_FLOAT_DIGITS_H

struct _reent;

extern char *_ldtoa_r(struct _reent *reent, long double value, int mode, int ndigits, int *decpt, int *sign, char **end);
extern int _ldcheck(long double *value);

/* Hexadecimal digits of |value|: at most ndigits behind the point, or as many as there are if ndigits < 0. Writes up to
 * 17 numbers from 0 to 15, returns how many. is_long: the argument was a long double. */
extern int __hermit_hex_digits(long double value, int is_long, int ndigits, int *decpt, unsigned char *nibbles);

#endif
