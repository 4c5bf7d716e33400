/* Shows what the program has of its parent; each argument is a question. Output is the same natively. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void descriptors(void)
{
	printf("open:");
	for (int fd = 0; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf(" %d", fd);
	printf("\n");
}

/* What is free, in the order in which it is given. */
static void next(void)
{
	int fds[4];
	for (int i = 0; i < 4; i++)
		fds[i] = open("/dev/null", O_RDWR);
	for (int i = 0; i < 4; i++)
		fprintf(stderr, "%d ", fds[i]);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
}

static void transfer(int from, int to)
{
	char text[64];
	ssize_t len = read(from, text, sizeof text);
	printf("read %zd, %s", len, len < 0 ? strerror(errno) : "");
	fflush(stdout);
	len = write(to, "written\n", 8);
	printf(" wrote %zd, %s\n", len, len < 0 ? strerror(errno) : "");
}

static void signals(void)
{
	sigset_t blocked, pending;
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	sigpending(&pending);
	for (int signal = 1; signal < NSIG; signal++) {
		struct sigaction action;
		if ((signal >= 32 && signal < SIGRTMIN) || sigaction(signal, NULL, &action) < 0)
			continue;
		const char *what = action.sa_handler == SIG_IGN ? "ignored" : action.sa_handler == SIG_DFL ? "" : "caught";
		const char *how = sigismember(&blocked, signal) ? " blocked" : "";
		const char *waits = sigismember(&pending, signal) ? " pending" : "";
		if (*what || *how || *waits)
			printf("%d %s%s%s\n", signal, what, how, waits);
	}
}

/* A write to a pipe that nobody reads: the answer is on standard error. */
static void broken_pipe(void)
{
	ssize_t len;
	while ((len = write(1, "text\n", 5)) > 0)
		;
	fprintf(stderr, "%zd %s\n", len, strerror(errno));
}

static volatile sig_atomic_t came;

static void on_signal(int signal)
{
	came = signal;
}

/* Sent to the process itself while it is blocked, then let through. */
static void blocked_signal(int signal)
{
	sigset_t set;
	struct sigaction action = { .sa_handler = on_signal };
	sigaction(signal, &action, NULL);
	kill(getpid(), signal);
	printf("blocked: %d came\n", came);
	sigemptyset(&set);
	sigaddset(&set, signal);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	printf("let through: %d came\n", came);
}

static void sent_signal(int signal)
{
	sigset_t set;
	int taken = 0;
	sigemptyset(&set);
	sigaddset(&set, signal);
	printf("ready\n");
	fflush(stdout);
	sigwait(&set, &taken);
	printf("took %d\n", taken);
}

static void limit(const char *name, int resource)
{
	struct rlimit limit;
	getrlimit(resource, &limit);
	printf("%s %ld %ld\n", name, (long) limit.rlim_cur, (long) limit.rlim_max);
}

static void limits(void)
{
	limit("cpu", RLIMIT_CPU);
	limit("fsize", RLIMIT_FSIZE);
	limit("data", RLIMIT_DATA);
	limit("stack", RLIMIT_STACK);
	limit("core", RLIMIT_CORE);
	limit("nproc", RLIMIT_NPROC);
	limit("nofile", RLIMIT_NOFILE);
	limit("memlock", RLIMIT_MEMLOCK);
	limit("as", RLIMIT_AS);
	printf("%ld %d\n", sysconf(_SC_OPEN_MAX), getdtablesize());
}

static void files(void)
{
	struct rlimit limit;
	int count = 0;
	getrlimit(RLIMIT_NOFILE, &limit);
	while (open("/dev/zero", O_RDONLY) >= 0)
		count++;
	printf("%d files, %s", count, strerror(errno));
	printf(", %d", fcntl(0, F_DUPFD, (int) limit.rlim_cur));
	printf(" %s, %d", strerror(errno), dup2(0, (int) limit.rlim_cur));
	printf(" %s\n", strerror(errno));
	limit.rlim_cur += 4;
	if (limit.rlim_cur <= limit.rlim_max && setrlimit(RLIMIT_NOFILE, &limit) == 0)
		printf("%d %d\n", open("/etc/passwd", O_RDONLY), open("/etc/passwd", O_RDONLY));
}

/* Control and status of SSE and of x87. */
static void floating_state(void)
{
	unsigned short x87;
	__asm__ volatile("fnstcw %0" : "=m"(x87));
	printf("%x %x\n", __builtin_ia32_stmxcsr(), x87);
}

static void line(void)
{
	char text[64];
	printf("%s", fgets(text, sizeof text, stdin) ? text : "nothing\n");
}

/* As much as the argument says on the main stack, all of it touched. */
static __attribute__((noinline)) int deep(long kib)
{
	volatile char array[kib * 1024];
	for (long i = kib * 1024 - 1; i >= 0; i -= 1024)
		array[i] = 1;
	return array[0];
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *question = argv[i];
		if (strcmp(question, "descriptors") == 0)
			descriptors();
		else if (strcmp(question, "next") == 0)
			next();
		else if (strcmp(question, "transfer") == 0)
			transfer(atoi(argv[i + 1]), atoi(argv[i + 2])), i += 2;
		else if (strcmp(question, "signals") == 0)
			signals();
		else if (strcmp(question, "broken-pipe") == 0)
			broken_pipe();
		else if (strcmp(question, "blocked-signal") == 0)
			blocked_signal(atoi(argv[++i]));
		else if (strcmp(question, "sent-signal") == 0)
			sent_signal(atoi(argv[++i]));
		else if (strcmp(question, "limits") == 0)
			limits();
		else if (strcmp(question, "files") == 0)
			files();
		else if (strcmp(question, "line") == 0)
			line();
		else if (strcmp(question, "ungetc") == 0)
			ungetc(getchar(), stdin);
		else if (strcmp(question, "float") == 0)
			floating_state();
		else if (strcmp(question, "sleep") == 0)
			sleep(60);
		else if (strcmp(question, "deep") == 0)
			printf("%d\n", deep(atol(argv[++i])));
	}
	return 0;
}
