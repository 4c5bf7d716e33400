//# env: HERMIT_JIT=1
//# cpus: 1 2
//# cflags: -pthread
/* Code that the program makes: written, executed, altered and executed again; never writable meanwhile. Interrupts find their way into it
 * and out. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "show.h"

enum { PAGE = 4096 };

static const int rw = PROT_READ | PROT_WRITE, rx = PROT_READ | PROT_EXEC, anonymous = MAP_PRIVATE | MAP_ANONYMOUS;

typedef int (*function)(void);

static sigjmp_buf out;
static volatile sig_atomic_t ticks;

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)number, (void)context;
	siglongjmp(out, info->si_code);
}

static void on_tick(int number)
{
	(void)number;
	ticks++;
}

/* mov $value, %eax; ret */
static void write_code(unsigned char *to, int value)
{
	static const unsigned char code[] = { 0xb8, 0, 0, 0, 0, 0xc3 };
	memcpy(to, code, sizeof code);
	memcpy(to + 1, &value, sizeof value);
}

static int call(void *code)
{
	const int why = sigsetjmp(out, 1);
	return why != 0 ? -why : ((function)code)();
}

static int store(volatile unsigned char *to)
{
	const int why = sigsetjmp(out, 1);
	if (why != 0)
		return -why;
	*to = 0;
	return 0;
}

static void made(const char *where, unsigned char *code)
{
	puts(where);
	SHOW(mprotect(code, PAGE, rw));
	write_code(code, 42);
	SHOW(call(code));
	SHOW(mprotect(code, PAGE, rx));
	SHOW(call(code));
	SHOW(store(code));
	SHOW(mprotect(code, PAGE, rw));
	write_code(code, 43);
	SHOW(mprotect(code, PAGE, PROT_EXEC));
	SHOW(call(code));
	SHOW(mprotect(code, PAGE, PROT_READ));
	SHOW(call(code));
	SHOW(mprotect(code, PAGE, PROT_NONE));
	SHOW(call(code));
	SHOW(mprotect(code, PAGE, rx));
	SHOW(call(code));
}

static void *in_thread(void *code)
{
	return (void *)(long)((function)code)();
}

static void elsewhere(unsigned char *code)
{
	for (int value = 100; value < 104; value++) {
		pthread_t thread;
		void *result;
		SHOW(mprotect(code, PAGE, rw));
		write_code(code, value);
		SHOW(mprotect(code, PAGE, rx));
		pthread_create(&thread, NULL, in_thread, code);
		pthread_join(thread, &result);
		printf("thread: %ld\n", (long)result);
	}
}

static void of_file(void)
{
	unsigned char block[PAGE] = { 0 };
	write_code(block, 7);
	const int file = open("code", O_RDWR | O_CREAT, 0755);
	SHOW(write(file, block, sizeof block));
	void *code = mmap(NULL, PAGE, rx, MAP_PRIVATE, file, 0);
	SHOW(call(code));
	SHOW(munmap(code, PAGE));
	close(file);
}

/* mov $0x1fffffff, %ecx; 1: dec %ecx; jnz 1b; mov $9, %eax; ret: many ticks of nothing but made code. */
static void interrupted(unsigned char *code)
{
	static const unsigned char loop[] = { 0xb9, 0xff, 0xff, 0xff, 0x1f, 0xff, 0xc9, 0x75, 0xfc, 0xb8, 9, 0, 0, 0, 0xc3 };
	const struct itimerval each = { { 0, 5000 }, { 0, 5000 } }, none = { { 0, 0 }, { 0, 0 } };
	mprotect(code, PAGE, rw);
	memcpy(code, loop, sizeof loop);
	mprotect(code, PAGE, rx);
	setitimer(ITIMER_REAL, &each, NULL);
	SHOW(call(code));
	setitimer(ITIMER_REAL, &none, NULL);
	SHOW(ticks > 0);
}

int main(void)
{
	struct sigaction fault = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO }, tick = { .sa_handler = on_tick };
	sigaction(SIGSEGV, &fault, NULL);
	sigaction(SIGALRM, &tick, NULL);
	unsigned char *code = mmap(NULL, 4 * PAGE, rw, anonymous, -1, 0);
	made("ordinary memory", code);
	made("a reservation", mmap(NULL, 64 * PAGE, PROT_NONE, anonymous, -1, 0));
	elsewhere(code + PAGE);
	of_file();
	interrupted(code + 2 * PAGE);
	SHOW(munmap(code, 4 * PAGE));
	return 0;
}
