/* Works with files, pipes, sleeps, locks and memory in several threads while signals come from outside, until SIGTERM; counts
 * what went wrong and sees that signals came. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORKERS = 4, BLOCK = 5000 };

static atomic_int handled, over;
static atomic_long faults;
static int pipe_fds[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long turn;

/* Counts what must not be; the first place is told. */
#define check(condition) \
	do { \
		if (!(condition) && atomic_fetch_add(&faults, 1) == 0) \
			fprintf(stderr, "line %d: %s, errno %d\n", __LINE__, #condition, errno); \
	} while (0)

static void handle(int number)
{
	if (number == SIGTERM)
		atomic_store(&over, 1);
	else
		atomic_fetch_add(&handled, 1);
}

static void files(long round)
{
	static char out[BLOCK], in[BLOCK];
	struct stat st;
	int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	memset(out, (int)('a' + round % 26), BLOCK);
	check(fd >= 0 && write(fd, out, BLOCK) == BLOCK && lseek(fd, 0, SEEK_SET) == 0);
	check(read(fd, in, BLOCK) == BLOCK && memcmp(in, out, BLOCK) == 0);
	check(stat("data", &st) == 0 && st.st_size == BLOCK && close(fd) == 0 && unlink("data") == 0);
}

static void sleeps(long round)
{
	long written, got;
	char byte = (char)round, back = 0;
	usleep(300);
	while ((written = write(pipe_fds[1], &byte, 1)) < 0 && errno == EINTR)
		;
	while ((got = read(pipe_fds[0], &back, 1)) < 0 && errno == EINTR)
		;
	check(written == 1 && got == 1 && back == byte);
}

/* The last two threads take turns; at the end nobody waits for the other. */
static void takes_turns(long mine)
{
	pthread_mutex_lock(&mutex);
	while (turn % 2 != mine && !atomic_load(&over))
		check(pthread_cond_wait(&changed, &mutex) == 0);
	turn++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
	char *block = malloc(5000);
	memset(block, (int)mine, 5000);
	check(block[4999] == mine);
	free(block);
}

static void *work(void *argument)
{
	long id = (long)argument;
	for (long round = 0; !atomic_load(&over); round++) {
		if (id == 0)
			files(round);
		else if (id == 1)
			sleeps(round);
		else
			takes_turns(id - 2);
	}
	pthread_mutex_lock(&mutex);
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

int main(void)
{
	pthread_t threads[WORKERS];
	struct sigaction action = { .sa_handler = handle };
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	check(pipe(pipe_fds) == 0);
	for (long i = 0; i < WORKERS; i++)
		check(pthread_create(&threads[i], NULL, work, (void *)i) == 0);
	puts("ready");
	fflush(stdout);
	for (int i = 0; i < WORKERS; i++)
		check(pthread_join(threads[i], NULL) == 0);
	printf("signals came %d, faults %ld\n", handled >= 20, faults);
	return 0;
}
