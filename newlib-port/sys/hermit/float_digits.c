/* Digits of floating-point numbers for printf: exact, for any precision. Replaces newlib's ldtoa.c, which computes in
 * 144 bits, and so prints wrong digits after the 42nd and overruns its buffer for large long doubles.
 *
 * A number is mantissa * 2^exponent with a 64-bit mantissa. Its integer part and its fraction become long integers in
 * 32-bit limbs; the one is divided, the other multiplied by 10^9 again and again, which yields nine digits each time.
 */
#include <float.h>
#include <math.h>
#include <reent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "float_digits.h"

#define CHUNK        1000000000u
#define CHUNK_DIGITS 9
/* The widest fraction: 64 + 16381 bits, and the widest integer: 16384 bits, both with some room. */
#define MAX_LIMBS    518

/* A number as mantissa * 2^exponent; 0 has mantissa 0. Infinite numbers have none. */
struct parts {
	uint64_t mantissa;
	int exponent;
	int sign;
};

/* What is still to be turned into digits. */
struct limbs {
	uint32_t limb[MAX_LIMBS]; /* least significant first */
	int low, high;            /* those in [low, high) are in use; the others are zero */
};

/* Decimal digits as they come. */
struct digits {
	char *text;
	int count;
	int point; /* decimal point: digits before it; not positive for 0.00... */
};

/* Returns what a short number needs from thread-local storage, what a long one needs from the heap; NULL: no memory.
 * The result lives until this thread's next call, as newlib's callers expect. */
static char *buffer(size_t len)
{
	static __thread char near[400];
	static __thread char *far;
	static __thread size_t far_len;
	if (len <= sizeof(near))
		return near;
	if (len > far_len) {
		free(far);
		far = malloc(len);
		far_len = far != NULL ? len : 0;
	}
	return far;
}

/* The x87's 80 bits: mantissa with its highest bit, exponent biased by 16383, sign. */
static struct parts parts_of(long double value)
{
	struct {
		uint64_t mantissa;
		uint16_t exponent_and_sign;
	} bits;
	memcpy(&bits, &value, 10);
	int biased = bits.exponent_and_sign & 0x7fff;
	return (struct parts){bits.mantissa, (biased ? biased : 1) - 16383 - 63, bits.exponent_and_sign >> 15};
}

/* n = mantissa << shift, with zeros above it up to `limbs`. */
static void put(struct limbs *n, uint64_t mantissa, int shift, int limbs)
{
	memset(n->limb, 0, sizeof(n->limb[0]) * (size_t) (limbs + 1));
	unsigned __int128 wide = (unsigned __int128) mantissa << (shift % 32);
	n->low = shift / 32;
	for (n->high = n->low; wide != 0; wide >>= 32)
		n->limb[n->high++] = (uint32_t) wide;
}

/* Divides by 10^9; returns the remainder. */
static uint32_t divide(struct limbs *n)
{
	uint64_t rest = 0;
	for (int i = n->high - 1; i >= 0; --i) {
		uint64_t part = rest << 32 | n->limb[i];
		n->limb[i] = (uint32_t) (part / CHUNK);
		rest = part % CHUNK;
	}
	while (n->high > 0 && n->limb[n->high - 1] == 0)
		--n->high;
	return (uint32_t) rest;
}

/* Multiplies a fraction, whose point is above limb `point`, by 10^9; returns what comes over the point. */
static uint32_t multiply(struct limbs *n, int point)
{
	uint64_t carry = 0;
	for (int i = n->low; i < point; ++i) {
		carry += (uint64_t) n->limb[i] * CHUNK;
		n->limb[i] = (uint32_t) carry;
		carry >>= 32;
	}
	while (n->low < point && n->limb[n->low] == 0)
		++n->low;
	return (uint32_t) carry;
}

static void append(struct digits *d, uint32_t chunk)
{
	for (int i = CHUNK_DIGITS - 1; i >= 0; --i, chunk /= 10)
		d->text[d->count + i] = (char) ('0' + chunk % 10);
	d->count += CHUNK_DIGITS;
}

/* Takes leading zeros away. */
static void trim_front(struct digits *d)
{
	int zeros = 0;
	while (zeros < d->count && d->text[zeros] == '0')
		++zeros;
	memmove(d->text, d->text + zeros, (size_t) (d->count - zeros));
	d->count -= zeros;
	d->point -= zeros;
}

static void integer_digits(struct limbs *n, struct digits *d)
{
	uint32_t chunks[MAX_LIMBS * 32 / 29 + 1]; /* a chunk holds 29.9 bits */
	int count = 0;
	while (n->high > 0)
		chunks[count++] = divide(n);
	while (count > 0)
		append(d, chunks[--count]);
	d->point = d->count;
	trim_front(d);
}

/* How many digits are wanted, given where the point has come to lie. */
static int wanted(const struct digits *d, int mode, int ndigits)
{
	return mode == 2 ? ndigits : d->point + ndigits;
}

/* Appends digits until one more than wanted is there. */
static void fraction_digits(struct limbs *n, int point, struct digits *d, int mode, int ndigits)
{
	while (n->low < point && d->count <= wanted(d, mode, ndigits)) {
		append(d, multiply(n, point));
		if (d->count == CHUNK_DIGITS && d->point <= 0)
			trim_front(d);
	}
}

/* Rounds to `keep` digits, ties to even; `more`: digits follow that were not computed and are not all zero. */
static void round_to(struct digits *d, int keep, int more)
{
	if (keep >= d->count)
		return;
	int up = 0;
	if (keep >= 0) {
		int next = d->text[keep] - '0';
		int beyond = more;
		for (int i = keep + 1; i < d->count && !beyond; ++i)
			beyond = d->text[i] != '0';
		int odd = keep > 0 && (d->text[keep - 1] - '0') % 2 != 0;
		up = next > 5 || (next == 5 && (beyond || odd));
	}
	d->count = keep > 0 ? keep : 0;
	if (!up)
		return;
	while (d->count > 0 && d->text[d->count - 1] == '9')
		--d->count;
	if (d->count > 0) {
		++d->text[d->count - 1];
	} else {
		d->text[d->count++] = '1';
		++d->point;
	}
}

/* The digits of a number that is not 0, rounded: mode 2 to ndigits in all, mode 3 to ndigits behind the point. */
static void convert(struct parts value, int mode, int ndigits, struct digits *d)
{
	struct limbs n;
	int more = 0;
	int zeros = __builtin_ctzl(value.mantissa);
	uint64_t mantissa = value.mantissa >> zeros;
	int exponent = value.exponent + zeros;
	if (exponent >= 0) {
		put(&n, mantissa, exponent, exponent / 32 + 3);
		n.low = 0;
		integer_digits(&n, d);
	} else {
		uint64_t whole = exponent > -64 ? mantissa >> -exponent : 0;
		if (whole != 0) {
			put(&n, whole, 0, 3);
			integer_digits(&n, d);
			mantissa -= whole << -exponent;
		}
		int point = (-exponent + 31) / 32;
		put(&n, mantissa, point * 32 + exponent, point + 3);
		fraction_digits(&n, point, d, mode, ndigits);
		more = n.low < point;
	}
	round_to(d, wanted(d, mode, ndigits), more);
}

/* newlib's interface, that of David Gay's dtoa: digits without trailing zeros, behind them room for what the caller
 * pads. NULL when there is no memory. */
char *_ldtoa_r(struct _reent *reent, long double value, int mode, int ndigits, int *decpt, int *sign, char **end)
{
	struct digits d = {0};
	struct parts parts = parts_of(value);
	(void) reent;
	if (ndigits < 0)
		ndigits = 0;
	if (mode == 2 && ndigits == 0)
		ndigits = 1;
	*sign = parts.sign;
	int before = parts.exponent > -64 ? (parts.exponent + 64) / 3 : 0; /* digits before the point, at most */
	d.text = buffer((size_t) ndigits + (size_t) before + 4 * CHUNK_DIGITS);
	if (d.text == NULL)
		return NULL;
	if (parts.mantissa == 0) {
		d.text[d.count++] = '0';
		d.point = 1;
	} else {
		convert(parts, mode, ndigits, &d);
		while (d.count > 0 && d.text[d.count - 1] == '0')
			--d.count;
		/* All was rounded away: Gay's dtoa leaves nothing, and the point where the last wanted digit would be. */
		if (d.count == 0)
			d.point = -ndigits;
	}
	*decpt = d.point;
	d.text[d.count] = '\0';
	*end = d.text + d.count;
	return d.text;
}

/* 0 finite, 1 not a number, 2 infinite. */
int _ldcheck(long double *value)
{
	return isnan(*value) ? 1 : isinf(*value) ? 2 : 0;
}

/* As glibc writes them: a double begins with 1, or with 0 if it is subnormal; a long double with the highest four bits
 * of its mantissa. */
int __hermit_hex_digits(long double value, int is_long, int ndigits, int *decpt, unsigned char *nibbles)
{
	struct parts parts = parts_of(value);
	int lead, exponent, count = 0;
	uint64_t fraction; /* in units of 2^-64 */
	int below = DBL_MIN_EXP - 1 - (parts.exponent + 63); /* how far a double is subnormal */
	if (parts.mantissa == 0) {
		lead = exponent = 0;
		fraction = 0;
	} else if (is_long) {
		lead = (int) (parts.mantissa >> 60);
		fraction = parts.mantissa << 4;
		exponent = parts.exponent + 60;
	} else if (below > 0) {
		lead = 0;
		fraction = parts.mantissa >> (below - 1);
		exponent = DBL_MIN_EXP - 1;
	} else {
		lead = 1;
		fraction = parts.mantissa << 1;
		exponent = parts.exponent + 63;
	}
	if (ndigits >= 0 && ndigits < 16) {
		const uint64_t half = 1UL << 63;
		uint64_t rest = fraction << (4 * ndigits);
		fraction -= ndigits > 0 ? rest >> (4 * ndigits) : fraction;
		int odd = ndigits > 0 ? (int) (fraction >> (64 - 4 * ndigits)) & 1 : lead & 1;
		if (rest > half || (rest == half && odd)) {
			uint64_t unit = ndigits > 0 ? 1UL << (64 - 4 * ndigits) : 0;
			fraction += unit;
			lead += fraction == 0 || unit == 0;
		}
	}
	if (lead == 16) {
		lead = 1;
		exponent += 4;
	}
	nibbles[count++] = (unsigned char) lead;
	for (; fraction != 0; fraction <<= 4)
		nibbles[count++] = (unsigned char) (fraction >> 60);
	*decpt = exponent + 1; /* newlib counts the point behind the first digit */
	return count;
}
