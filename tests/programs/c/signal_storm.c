//# cpus: 1 2 4
//# cflags: -pthread
//# libs: -lm
//# timeout-s: 240
/* Signals arrive all the time, at every thread: from a fast timer, from a thread that signals all others, from kill().
 * Calls are interrupted only as POSIX says, and nothing is lost: files, pipes, sleeps, locks, memory, registers. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Counts what must not be; the first place is told. */
#define CHECK(condition) \
	do { \
		if (!(condition)) { \
			if (faults++ == 0) \
				fprintf(stderr, "line %d: %s, errno %d\n", __LINE__, #condition, errno); \
		} \
	} while (0)

/* Calls again what a signal interrupted. */
#define AGAIN(call) ({ long result_; do result_ = (long)(call); while (result_ < 0 && errno == EINTR); result_; })

enum { ROUNDS = 60, BLOCK = 3000, BYTES = 60000 };

static atomic_long handled, up, finished, storms_end;
static _Atomic double mixed;

/* Uses the registers that the interrupted code uses too, and calls; errno is its own business. */
static void handle(int number)
{
	int saved = errno;
	struct stat st;
	long double deep = (long double)number;
	stat("no such file", &st);
	mixed = (double)(deep * 1.5L) + sqrt((double)handled);
	atomic_fetch_add(&handled, 1);
	errno = saved;
}

static long file_calls(void)
{
	char out[BLOCK], in[BLOCK];
	long faults = 0;
	int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(fd >= 0);
	for (int i = 0; i < ROUNDS; i++) {
		memset(out, 'a' + i % 26, BLOCK);
		CHECK(write(fd, out, BLOCK) == BLOCK);
		CHECK(pread(fd, in, BLOCK, (off_t)i * BLOCK) == BLOCK && memcmp(in, out, BLOCK) == 0);
		CHECK(pwrite(fd, out, 10, (off_t)i * BLOCK + 5) == 10);
		CHECK(lseek(fd, -BLOCK, SEEK_CUR) == (off_t)i * BLOCK);
		CHECK(read(fd, in, BLOCK) == BLOCK && memcmp(in, out, BLOCK) == 0);
		CHECK(i % 16 || fsync(fd) == 0);
	}
	CHECK(lseek(fd, 0, SEEK_END) == (off_t)ROUNDS * BLOCK);
	CHECK(ftruncate(fd, 100) == 0 && lseek(fd, 0, SEEK_END) == 100);
	CHECK(close(fd) == 0 && unlink("data") == 0);
	return faults;
}

static long path_calls(void)
{
	long faults = 0;
	struct stat st;
	for (int i = 0; i < ROUNDS; i++) {
		int entries = 0;
		CHECK(mkdir("folder", 0700) == 0);
		int fd = open("folder/one", O_CREAT | O_EXCL | O_WRONLY, 0600);
		CHECK(fd >= 0 && write(fd, "text", 4) == 4 && close(fd) == 0);
		CHECK(rename("folder/one", "folder/two") == 0);
		CHECK(stat("folder/two", &st) == 0 && st.st_size == 4);
		CHECK(stat("folder/one", &st) == -1 && errno == ENOENT);
		DIR *folder = opendir("folder");
		CHECK(folder != NULL);
		for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;)
			entries += strcmp(entry->d_name, "two") == 0;
		CHECK(entries == 1 && closedir(folder) == 0);
		CHECK(unlink("folder/two") == 0 && rmdir("folder") == 0);
	}
	return faults;
}

static long stdio_calls(void)
{
	long faults = 0, number;
	FILE *file = fopen("lines", "w+");
	CHECK(file != NULL);
	for (long i = 0; i < ROUNDS * 100; i++)
		CHECK(fprintf(file, "%ld %.3f\n", i, (double)i / 8) > 0);
	rewind(file);
	for (long i = 0; i < ROUNDS * 100; i++) {
		double eighth;
		CHECK(fscanf(file, "%ld %lf", &number, &eighth) == 2 && number == i && fabs(eighth - (double)i / 8) < 0.001);
	}
	CHECK(fclose(file) == 0 && remove("lines") == 0);
	return faults;
}

static int pipe_fds[2];

static long pipe_writer(void)
{
	long faults = 0, sent = 0;
	while (sent < BYTES) {
		unsigned char chunk[700];
		long want = BYTES - sent < 700 ? BYTES - sent : 700;
		for (long i = 0; i < want; i++)
			chunk[i] = (unsigned char)((sent + i) * 7 % 251);
		long got = AGAIN(write(pipe_fds[1], chunk, (size_t)want));
		CHECK(got > 0);
		sent += got > 0 ? got : want;
	}
	CHECK(close(pipe_fds[1]) == 0);
	return faults;
}

static long pipe_reader(void)
{
	long faults = 0, received = 0, got;
	unsigned char chunk[500];
	do {
		struct pollfd poll_fd = { pipe_fds[0], POLLIN, 0 };
		CHECK(AGAIN(poll(&poll_fd, 1, 100000)) == 1);
		got = AGAIN(read(pipe_fds[0], chunk, sizeof chunk));
		CHECK(got >= 0);
		for (long i = 0; i < got; i++)
			CHECK(chunk[i] == (unsigned char)((received + i) * 7 % 251));
		received += got;
	} while (got > 0);
	CHECK(received == BYTES);
	return faults;
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Never too short, and what remains is told. */
static long sleeps(void)
{
	long faults = 0;
	for (int i = 0; i < ROUNDS; i++) {
		double begin = seconds();
		struct timespec rest = { 0, 2000000 };
		while (nanosleep(&rest, &rest) != 0)
			CHECK(errno == EINTR && rest.tv_sec == 0 && rest.tv_nsec < 3000000); /* Linux adds its slack */
		CHECK(seconds() - begin >= 0.0019);
		struct timeval timeout = { 0, 1000 };
		int ready = select(0, NULL, NULL, NULL, &timeout);
		CHECK(ready == 0 || (ready < 0 && errno == EINTR));
		ready = poll(NULL, 0, 1);
		CHECK(ready == 0 || (ready < 0 && errno == EINTR));
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += 1000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		int error;
		while ((error = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL)) != 0)
			CHECK(error == EINTR);
	}
	return faults;
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn;
static sem_t semaphores[2];

static long alternate(int mine)
{
	long faults = 0;
	for (int i = 0; i < ROUNDS * 5; i++) {
		CHECK(pthread_mutex_lock(&mutex) == 0);
		while (turn != mine)
			CHECK(pthread_cond_wait(&changed, &mutex) == 0);
		turn = 1 - mine;
		CHECK(pthread_cond_signal(&changed) == 0);
		CHECK(pthread_mutex_unlock(&mutex) == 0);
		CHECK(AGAIN(sem_wait(&semaphores[mine])) == 0);
		CHECK(sem_post(&semaphores[1 - mine]) == 0);
	}
	return faults;
}

static long alternate_first(void) { return alternate(0); }
static long alternate_second(void) { return alternate(1); }

static long memory(void)
{
	long faults = 0;
	for (int i = 0; i < ROUNDS * 2; i++) {
		size_t size = (size_t)(i % 7 + 1) * 65536;
		unsigned char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		CHECK(map != MAP_FAILED && map[0] == 0 && map[size - 1] == 0);
		memset(map, i, size);
		CHECK(mprotect(map, 4096, PROT_READ) == 0);
		unsigned char *blocks[40];
		for (int k = 0; k < 40; k++)
			memset(blocks[k] = malloc((size_t)k * 97 + 1), k, (size_t)k * 97 + 1);
		for (int k = 0; k < 40; k++) {
			CHECK(blocks[k][0] == k && blocks[k][k * 97] == k);
			free(blocks[k]);
		}
		CHECK(map[4095] == (unsigned char)i && map[size - 1] == (unsigned char)i && munmap(map, size) == 0);
	}
	return faults;
}

static long computes(void)
{
	long faults = 0;
	double first = 0;
	for (int i = 0; i < ROUNDS; i++) {
		double sum = 0;
		long double deep = 1;
		for (int k = 1; k < 20000; k++) {
			sum += 1.0 / k;
			deep = deep * 0.999L + 1.0L / k;
		}
		sum += (double)deep;
		if (i == 0)
			first = sum;
		CHECK(sum == first);
	}
	return faults;
}

static void *nothing(void *argument)
{
	return argument;
}

static long threads_and_masks(void)
{
	long faults = 0;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_t thread;
		void *result;
		sigset_t all, old, now;
		sigfillset(&all);
		CHECK(pthread_create(&thread, NULL, nothing, &faults) == 0);
		CHECK(pthread_join(thread, &result) == 0 && result == &faults);
		CHECK(pthread_sigmask(SIG_SETMASK, &all, &old) == 0 && !sigismember(&old, SIGUSR1));
		CHECK(pthread_sigmask(SIG_SETMASK, &old, &now) == 0 && sigismember(&now, SIGUSR1));
		CHECK(sigsuspend(&old) == -1 && errno == EINTR);
	}
	return faults;
}

static const struct {
	const char *name;
	long (*work)(void);
} workers[] = {
	{ "file calls", file_calls }, { "path calls", path_calls }, { "stdio", stdio_calls }, { "pipe, writer", pipe_writer },
	{ "pipe, reader", pipe_reader }, { "sleeps", sleeps }, { "locks, first", alternate_first },
	{ "locks, second", alternate_second }, { "memory", memory }, { "computation", computes },
	{ "threads and masks", threads_and_masks },
};

enum { WORKERS = sizeof workers / sizeof *workers };

static pthread_t threads[WORKERS];

static void *work(void *argument)
{
	long id = (long)argument;
	atomic_fetch_add(&up, 1);
	long faults = workers[id].work();
	atomic_fetch_add(&finished, 1);
	while (!atomic_load(&storms_end))
		usleep(500);
	return (void *)faults;
}

/* Signals everybody until all work is done; they stay alive that long. */
static void storm(void)
{
	static const int numbers[] = { SIGUSR1, SIGUSR2, SIGALRM };
	for (unsigned i = 0; atomic_load(&finished) < WORKERS; i++) {
		pthread_kill(threads[i % WORKERS], numbers[i / WORKERS % 3]);
		if (i % 5 == 0)
			kill(getpid(), SIGUSR2);
		if (i % 8 == 0)
			usleep(100);
	}
	atomic_store(&storms_end, 1);
}

int main(void)
{
	struct sigaction restart = { .sa_handler = handle, .sa_flags = SA_RESTART }, interrupt = { .sa_handler = handle };
	struct itimerval fast = { { 0, 700 }, { 0, 700 } }, off = { { 0, 0 }, { 0, 0 } };
	sigaction(SIGALRM, &restart, NULL);
	sigaction(SIGUSR1, &interrupt, NULL);
	sigaction(SIGUSR2, &interrupt, NULL);
	sem_init(&semaphores[0], 0, 1);
	sem_init(&semaphores[1], 0, 0);
	if (pipe(pipe_fds) != 0)
		return 1;
	for (long i = 0; i < WORKERS; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	while (atomic_load(&up) < WORKERS)
		usleep(100);
	setitimer(ITIMER_REAL, &fast, NULL);
	storm();
	setitimer(ITIMER_REAL, &off, NULL);
	for (int i = 0; i < WORKERS; i++) {
		void *faults;
		pthread_join(threads[i], &faults);
		printf("%s: faults %ld\n", workers[i].name, (long)faults);
	}
	printf("many signals %d\n", handled > 500);
	fprintf(stderr, "%ld signals handled\n", handled);
	return 0;
}
