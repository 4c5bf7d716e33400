/* drand48(3) and its kin, and glibc's forms of them whose state is the caller's: a linear congruence of 48 bits. The state
 * is three words, the lowest first. Replaces newlib's files, which begin with another state than glibc's, zero. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>

#include "hermit_libc.h"

#define USUAL_FACTOR  0x5deece66dull
#define USUAL_SUMMAND 0xb

static _LOCK_T lock;
static struct drand48_data global;

static uint64_t number_of(const unsigned short words[3])
{
	return (uint64_t) words[2] << 32 | (uint64_t) words[1] << 16 | words[0];
}

static void set_words(unsigned short words[3], uint64_t number)
{
	words[0] = (unsigned short) number;
	words[1] = (unsigned short) (number >> 16);
	words[2] = (unsigned short) (number >> 32);
}

static void set_usual(struct drand48_data *data)
{
	data->__a = USUAL_FACTOR;
	data->__c = USUAL_SUMMAND;
	data->__init = 1;
}

/* The next number, of 48 bits. */
static uint64_t step(unsigned short words[3], struct drand48_data *data)
{
	if (!data->__init)
		set_usual(data);
	uint64_t number = (number_of(words) * data->__a + data->__c) & 0xffffffffffffull;
	set_words(words, number);
	return number;
}

static double as_double(uint64_t number)
{
	return (double) number * 0x1p-48;
}

static long as_long(uint64_t number)
{
	return (long) (number >> 17);
}

static long as_signed(uint64_t number)
{
	return (int32_t) (number >> 16);
}

WEAK int erand48_r(unsigned short words[3], struct drand48_data *data, double *result)
{
	*result = as_double(step(words, data));
	return 0;
}

WEAK int nrand48_r(unsigned short words[3], struct drand48_data *data, long *result)
{
	*result = as_long(step(words, data));
	return 0;
}

WEAK int jrand48_r(unsigned short words[3], struct drand48_data *data, long *result)
{
	*result = as_signed(step(words, data));
	return 0;
}

WEAK int drand48_r(struct drand48_data *data, double *result)
{
	return erand48_r(data->__x, data, result);
}

WEAK int lrand48_r(struct drand48_data *data, long *result)
{
	return nrand48_r(data->__x, data, result);
}

WEAK int mrand48_r(struct drand48_data *data, long *result)
{
	return jrand48_r(data->__x, data, result);
}

WEAK int srand48_r(long seed, struct drand48_data *data)
{
	set_words(data->__x, (uint64_t) (uint32_t) seed << 16 | 0x330e);
	set_usual(data);
	return 0;
}

WEAK int seed48_r(unsigned short words[3], struct drand48_data *data)
{
	memcpy(data->__old_x, data->__x, sizeof(data->__x));
	memcpy(data->__x, words, sizeof(data->__x));
	set_usual(data);
	return 0;
}

WEAK int lcong48_r(unsigned short words[7], struct drand48_data *data)
{
	memcpy(data->__x, words, sizeof(data->__x));
	data->__a = number_of(words + 3);
	data->__c = words[6];
	data->__init = 1;
	return 0;
}

static uint64_t step_global(unsigned short words[3])
{
	__lock_acquire(lock);
	uint64_t number = step(words, &global);
	__lock_release(lock);
	return number;
}

WEAK double drand48(void)
{
	return as_double(step_global(global.__x));
}

WEAK double erand48(unsigned short words[3])
{
	return as_double(step_global(words));
}

WEAK long lrand48(void)
{
	return as_long(step_global(global.__x));
}

WEAK long nrand48(unsigned short words[3])
{
	return as_long(step_global(words));
}

WEAK long mrand48(void)
{
	return as_signed(step_global(global.__x));
}

WEAK long jrand48(unsigned short words[3])
{
	return as_signed(step_global(words));
}

WEAK void srand48(long seed)
{
	__lock_acquire(lock);
	srand48_r(seed, &global);
	__lock_release(lock);
}

WEAK unsigned short *seed48(unsigned short words[3])
{
	__lock_acquire(lock);
	seed48_r(words, &global);
	__lock_release(lock);
	return global.__old_x;
}

WEAK void lcong48(unsigned short words[7])
{
	__lock_acquire(lock);
	lcong48_r(words, &global);
	__lock_release(lock);
}
