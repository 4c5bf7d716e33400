/* Bounds that no load can break, but a defect does. What is above its bound is measured again, and only what is above it each time
 * counts: a busy machine is quick sooner or later, a slice of half a second never is. What is below its bound counts at once,
 * since no load makes a clock run ahead. */
#include <stdio.h>
#include <time.h>

enum { ATTEMPTS = 10 };

#define MS 1000000ll

static inline long long now_ns(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static inline struct timespec timespec_of(long long ns)
{
	return (struct timespec) { ns / 1000000000, ns % 1000000000 };
}

/* Says whether `measure` comes to something between two bounds. */
static inline void show_within(const char *what, long long (*measure)(void), long long least, long long most)
{
	long long measured[ATTEMPTS];
	for (int i = 0; i < ATTEMPTS; i++) {
		measured[i] = measure();
		if (measured[i] >= least && measured[i] > most)
			continue;
		printf("%s: %s\n", what, measured[i] < least ? "too little" : "within its bounds");
		if (measured[i] < least)
			fprintf(stderr, "%s: %lld, at least %lld expected\n", what, measured[i], least);
		return;
	}
	printf("%s: too much\n", what);
	for (int i = 0; i < ATTEMPTS; i++)
		fprintf(stderr, "%s: %lld, at most %lld expected\n", what, measured[i], most);
}
