/* rand(3) and random(3): glibc's generator, so that a program with a fixed seed gets the numbers of its Linux build.
 *
 * An additive feedback generator, x[i] = x[i-3] + x[i-31], of which the lowest bit is thrown away; for smaller states
 * other trinomials, for 8 bytes a linear congruence. The state given to initstate holds the type and position in
 * front of the words, as in BSD.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/lock.h>

#define TYPES 5

static const struct {
	size_t min_bytes;
	int degree, separation;
} types[TYPES] = {{8, 0, 0}, {32, 7, 3}, {64, 15, 1}, {128, 31, 3}, {256, 63, 1}};

static _LOCK_T lock;
static int32_t initial[32]; /* [0]: type, and how far the generator has come */
static int32_t *words = initial + 1;
static int type = 3, front = 3, rear, seeded;

static int32_t step(void)
{
	if (type == 0) {
		words[0] = (int32_t) ((uint32_t) words[0] * 1103515245u + 12345u) & 0x7fffffff;
		return words[0];
	}
	words[front] = (int32_t) ((uint32_t) words[front] + (uint32_t) words[rear]);
	int32_t result = (int32_t) ((uint32_t) words[front] >> 1);
	front = front + 1 < types[type].degree ? front + 1 : 0;
	rear = rear + 1 < types[type].degree ? rear + 1 : 0;
	return result;
}

static void seed(unsigned value)
{
	seeded = 1;
	int32_t word = value != 0 ? (int32_t) value : 1;
	words[0] = word;
	if (type == 0)
		return;
	for (int i = 1; i < types[type].degree; ++i) {
		/* 16807 * word % (2^31 - 1) without overflow: Schrage. */
		word = 16807 * (word % 127773) - 2836 * (word / 127773);
		if (word < 0)
			word += 2147483647;
		words[i] = word;
	}
	front = types[type].separation;
	rear = 0;
	for (int i = 0; i < 10 * types[type].degree; ++i)
		step();
}

long random(void)
{
	__lock_acquire(lock);
	if (!seeded)
		seed(1);
	long result = step();
	__lock_release(lock);
	return result;
}

void srandom(unsigned value)
{
	__lock_acquire(lock);
	seed(value);
	__lock_release(lock);
}

int rand(void)
{
	return (int) random();
}

void srand(unsigned value)
{
	srandom(value);
}

static void keep_position(void)
{
	words[-1] = type == 0 ? 0 : TYPES * rear + type;
}

char *initstate(unsigned value, char *state, size_t size)
{
	if (size < types[0].min_bytes) {
		errno = EINVAL;
		return NULL;
	}
	__lock_acquire(lock);
	keep_position();
	char *before = (char *) (words - 1);
	for (type = TYPES - 1; size < types[type].min_bytes; --type)
		;
	words = (int32_t *) (void *) state + 1;
	seed(value);
	keep_position();
	__lock_release(lock);
	return before;
}

char *setstate(char *state)
{
	int32_t *other = (int32_t *) (void *) state + 1;
	int other_type = other[-1] % TYPES;
	if (other_type < 0) {
		errno = EINVAL;
		return NULL;
	}
	__lock_acquire(lock);
	keep_position();
	char *before = (char *) (words - 1);
	words = other;
	type = other_type;
	rear = other[-1] / TYPES;
	if (type != 0)
		front = (rear + types[type].separation) % types[type].degree;
	seeded = 1;
	__lock_release(lock);
	return before;
}

int rand_r(unsigned *state)
{
	unsigned next = *state, result;
	next = next * 1103515245u + 12345u;
	result = next / 65536 % 2048;
	next = next * 1103515245u + 12345u;
	result = result << 10 ^ next / 65536 % 1024;
	next = next * 1103515245u + 12345u;
	result = result << 10 ^ next / 65536 % 1024;
	*state = next;
	return (int) result;
}
