/* Works until SIGTERM: threads that come and go, files, signals, memory, timers. Counts what went wrong, and sees that every kind of work was done.
 * Nothing that it takes does it keep: who watches it from outside sees no growth. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BLOCKS = 256, BLOCK = 20000, PAGE = 4096 };

static atomic_int over, joined;
static atomic_long faults, handled, expired;

/* Counts what must not be; the first places are told. */
#define check(condition)                                                                                               \
	do {                                                                                                           \
		if (!(condition) && atomic_fetch_add(&faults, 1) < 5)                                                  \
			fprintf(stderr, "line %d: %s, errno %d\n", __LINE__, #condition, errno);                       \
	} while (0)

static uint64_t next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	return *state ^= *state << 17;
}

static int is_filled(const unsigned char *bytes, size_t len, unsigned char with)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != with)
			return 0;
	return 1;
}

/* Blocks of all sizes, each filled with a byte of its own until it goes. */
static void memory(uint64_t *state)
{
	static _Thread_local struct { unsigned char *start; size_t len; } block[BLOCKS];
	uint64_t i = next(state) % BLOCKS;
	size_t len = next(state) % (next(state) % 16 == 0 ? 1 << 20 : 3000) + 1;
	if (block[i].start)
		check(is_filled(block[i].start, block[i].len, (unsigned char)i));
	block[i].start = realloc(block[i].start, len);
	check(block[i].start != NULL);
	memset(block[i].start, (int)i, block[i].len = len);
	if (atomic_load(&over) || next(state) % 4 == 0) {
		free(block[i].start);
		block[i].start = NULL;
	}
	if (next(state) % 64 == 0) {
		unsigned char *pages = mmap(NULL, 40 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		check(pages != MAP_FAILED && is_filled(pages, 40 * PAGE, 0));
		memset(pages, 1, 40 * PAGE);
		check(mprotect(pages + PAGE, PAGE, PROT_NONE) == 0 && munmap(pages, 40 * PAGE) == 0);
	}
}

static void files(uint64_t *state)
{
	static _Thread_local unsigned char out[BLOCK], in[BLOCK];
	char name[40], renamed[48];
	struct stat st;
	unsigned char with = (unsigned char)next(state);
	size_t len = next(state) % BLOCK + 1;
	snprintf(name, sizeof name, "soak-%lx", (unsigned long)pthread_self());
	snprintf(renamed, sizeof renamed, "%s-too", name);
	memset(out, with, len);
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	check(fd >= 0 && write(fd, out, len) == (ssize_t)len && lseek(fd, 0, SEEK_SET) == 0);
	check(rename(name, renamed) == 0 && stat(renamed, &st) == 0 && (size_t)st.st_size == len);
	check(read(fd, in, BLOCK) == (ssize_t)len && is_filled(in, len, with));
	check(close(fd) == 0 && unlink(renamed) == 0 && stat(renamed, &st) != 0 && errno == ENOENT);
}

static void *square(void *argument)
{
	return (void *)((uintptr_t)argument * (uintptr_t)argument);
}

/* Threads that come and go. */
static void threads(uint64_t *state)
{
	pthread_t thread[8];
	uintptr_t number = next(state) % 1000;
	for (uintptr_t i = 0; i < 8; i++)
		check(pthread_create(&thread[i], NULL, square, (void *)(number + i)) == 0);
	for (uintptr_t i = 0; i < 8; i++) {
		void *result = NULL;
		check(pthread_join(thread[i], &result) == 0 && (uintptr_t)result == (number + i) * (number + i));
	}
}

static sem_t ping, pong;

/* Two threads in turn, by semaphores and a byte in a pipe. */
static int ends[2];

static void *answer(void *argument)
{
	char byte;
	for (;;) {
		while (sem_wait(&ping) != 0)
			check(errno == EINTR);
		if (atomic_load(&joined))
			return argument;
		check(write(ends[1], "x", 1) == 1);
		while (read(ends[0], &byte, 1) < 0)
			check(errno == EINTR);
		check(sem_post(&pong) == 0);
	}
}

static void in_turn(uint64_t *state)
{
	(void)state;
	check(sem_post(&ping) == 0);
	while (sem_wait(&pong) != 0)
		check(errno == EINTR);
}

static void handle(int number)
{
	if (number == SIGTERM)
		atomic_store(&over, 1);
	else if (number == SIGUSR1)
		atomic_fetch_add(&handled, 1);
	else
		atomic_fetch_add(&expired, 1);
}

static pthread_t peer;

static void signals(uint64_t *state)
{
	long before = atomic_load(&handled);
	check(pthread_kill(peer, SIGUSR1) == 0);
	struct timespec pause = { 0, (long)(next(state) % 200000) };
	clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	check(raise(SIGUSR1) == 0 && atomic_load(&handled) > before);
}

static void clocks(uint64_t *state)
{
	struct timespec before, after, pause = { 0, (long)(next(state) % 3000000) };
	check(clock_gettime(CLOCK_MONOTONIC, &before) == 0);
	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, &pause) == EINTR)
		;
	check(clock_gettime(CLOCK_MONOTONIC, &after) == 0);
	check(after.tv_sec > before.tv_sec || (after.tv_sec == before.tv_sec && after.tv_nsec >= before.tv_nsec));
	timer_t timer;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2 };
	struct itimerspec soon = { .it_value.tv_nsec = 100000 };
	check(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 && timer_settime(timer, 0, &soon, NULL) == 0);
	usleep(1000);
	check(timer_delete(timer) == 0);
}

static const struct work {
	const char *name;
	void (*step)(uint64_t *);
} works[] = { { "memory", memory }, { "memory", memory }, { "files", files }, { "files", files }, { "threads", threads },
	{ "in turn", in_turn }, { "signals", signals }, { "clocks", clocks } };
enum { WORKS = sizeof works / sizeof *works };
static atomic_long steps[WORKS];

static void *work(void *argument)
{
	uintptr_t i = (uintptr_t)argument;
	uint64_t state = 88172645463325252u + i;
	while (!atomic_load(&over)) {
		works[i].step(&state);
		atomic_fetch_add(&steps[i], 1);
	}
	return argument;
}

int main(void)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART };
	pthread_t thread[WORKS], second;
	check(pipe(ends) == 0 && sem_init(&ping, 0, 0) == 0 && sem_init(&pong, 0, 0) == 0);
	check(sigaction(SIGTERM, &action, NULL) == 0 && sigaction(SIGUSR1, &action, NULL) == 0 && sigaction(SIGUSR2, &action, NULL) == 0);
	peer = pthread_self();
	check(pthread_create(&second, NULL, answer, NULL) == 0);
	for (uintptr_t i = 0; i < WORKS; i++)
		check(pthread_create(&thread[i], NULL, work, (void *)i) == 0);
	puts("ready");
	fflush(stdout);
	for (int i = 0; i < WORKS; i++)
		check(pthread_join(thread[i], NULL) == 0);
	atomic_store(&joined, 1);
	check(sem_post(&ping) == 0 && pthread_join(second, NULL) == 0);
	for (int i = 0; i < WORKS; i++) {
		fprintf(stderr, "%s: %ld steps\n", works[i].name, atomic_load(&steps[i]));
		check(atomic_load(&steps[i]) > 10);
	}
	check(atomic_load(&expired) > 10);
	printf("faults %ld\n", atomic_load(&faults));
	return atomic_load(&faults) != 0;
}
