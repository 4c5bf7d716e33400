//# cpus: 1 2
//# cflags: -w
//# env: HERMIT_TMPFS=1
/* Addresses that are none, given to calls that the kernel serves itself: EFAULT, as natively, and everything works as before.
 * Where memory ends half way, what was moved until then counts as it does natively. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "channels.h"

enum { PAGE = 4096 };

static char *end;           /* of memory: pages before it can be used, those from it on cannot */
static char *constant;      /* a page that cannot be written */
static int ends[2], file, event, zero, null, random_bytes;

#define TRY(call)                                                                     \
	do {                                                                          \
		errno = 0;                                                            \
		long result = (long) (call);                                          \
		printf("  %s: %ld %s\n", #call, result, result < 0 ? strerror(errno) : ""); \
	} while (0)

/* The bytes in the pipe, of which there should be none that nobody wrote. */
static int waiting(void)
{
	int count = -1;
	ioctl(ends[0], FIONREAD, &count);
	return count;
}

/* Makes the pipe empty. */
static void drain(void)
{
	char bytes[PAGE];
	while (read(ends[0], bytes, sizeof bytes) > 0)
		;
}

/* Calls that transfer bytes, with an address that is no buffer. */
static void transfers(const char *name, char *bad)
{
	char good[16];
	struct iovec vectors[2] = { { good, 5 }, { bad, 5 } };
	printf("%s\n", name);
	TRY(write(ends[1], bad, 10));
	TRY(write(ends[1], bad, 0));
	TRY(write(ends[1], bad, PAGE));
	TRY(write(ends[1], bad, 2 * PAGE));
	TRY(waiting());
	drain();
	TRY(write(ends[1], "0123456789", 10));
	TRY(read(ends[0], bad, 10));
	TRY(readv(ends[0], vectors, 2));
	TRY(writev(ends[1], vectors, 2));
	TRY(read(ends[0], good, 10));
	TRY(memcmp(good, "0123456789", 10));
	drain();
	TRY(readv(ends[0], (struct iovec *) bad, 1));
	TRY(write(file, bad, 10));
	TRY(pwrite(file, bad, 10, 0));
	TRY(lseek(file, 0, SEEK_END));
	TRY(pwrite(file, "abcdefghij", 10, 0));
	TRY(pread(file, bad, 10, 0));
	TRY(ftruncate(file, 0));
	TRY(lseek(file, 0, SEEK_SET));
	TRY(write(event, bad, 8));
	TRY(write(event, &(uint64_t) { 1 }, 8));
	TRY(read(event, bad, 8));
	TRY(read(event, good, 8));
	TRY(read(zero, bad, 10));
	TRY(read(random_bytes, bad, 10));
	TRY(getrandom(bad, 10, 0));
	TRY(write(null, bad, 10));
	TRY(read(null, bad, 10));
}

/* Calls that take a structure or a name. */
static void structures(const char *name, void *bad)
{
	printf("%s\n", name);
	TRY(pipe(bad));
	TRY(socketpair(AF_UNIX, SOCK_STREAM, 0, bad));
	TRY(poll(bad, 1, 0));
	TRY(poll(bad, 0, 0));
	TRY(ioctl(ends[0], FIONREAD, bad));
	TRY(fstat(ends[0], bad));
	TRY(fstat(file, bad));
	TRY(stat("/tmp", bad));
	TRY(stat("/dev/null", bad));
	TRY(stat(bad, &(struct stat) { 0 }));
	TRY(statfs("/tmp", bad));
	TRY(open(bad, O_RDONLY));
	TRY(access(bad, F_OK));
	TRY(unlink(bad));
	TRY(mkdir(bad, 0700));
	TRY(rename(bad, "/tmp/x"));
	TRY(rename("/tmp/x", bad));
	TRY(symlink(bad, "/tmp/x"));
	TRY(chdir(bad));
	TRY(fcntl(file, F_GETLK, bad));
	TRY(fcntl(file, F_SETLK, bad));
	TRY(nanosleep(bad, NULL));
	TRY(clock_nanosleep(CLOCK_MONOTONIC, 0, bad, NULL));
	TRY(sigpending(bad));
	TRY(sigaltstack(bad, NULL));
	TRY(uname(bad));
}

/* Memory that ends half way. */
static void half_way(void)
{
	static char room[2 * PAGE];
	struct stat st;
	printf("half way\n");
	memset(end - 2 * PAGE, 'x', 2 * PAGE);
	TRY(write(ends[1], end - 100, 200));
	TRY(waiting());
	TRY(write(ends[1], end - 5000, 10000));
	TRY(waiting());
	TRY(read(ends[0], room, sizeof room));
	TRY(write(ends[1], "0123456789", 10));
	TRY(read(ends[0], end - 5, 10));
	TRY(readv(ends[0], &(struct iovec) { end - 5, 10 }, 1));
	TRY(readv(ends[0], (struct iovec *) (end - sizeof(struct iovec)), 2));
	TRY(waiting());
	TRY(readv(ends[0], (struct iovec[]) { { room, 4 }, { NULL, 0 }, { room + 4, 100 } }, 3));
	TRY(memcmp(room, "0123456789", 10));
	TRY(pwrite(file, end - 100, 200, 0));
	TRY(fstat(file, &st));
	printf("  size %ld\n", (long) st.st_size);
	TRY(pread(file, end - 50, 200, 0));
	TRY(pread(file, end - 50, 40, 0));
	TRY(read(zero, end - 100, 200));
	TRY(end[-100]);
	TRY(getrandom(end - 100, 200, 0));
	TRY(fstat(file, (struct stat *) (end - 8)));
	TRY(fstat(ends[0], (struct stat *) (end - 8)));
	TRY(pipe((int *) (end - 4)));
	TRY(uname((struct utsname *) (end - 100)));
	memset(end - PAGE, 0, PAGE);
	TRY(poll((struct pollfd *) (end - sizeof(struct pollfd)), 2, 0));
	TRY(poll((struct pollfd *) (end - sizeof(struct pollfd)), 1, 0));
	memcpy(end - 4, "/tmp", 4);
	TRY(access(end - 4, F_OK));
	memcpy(end - 5, "/tmp", 5);
	TRY(access(end - 5, F_OK));
}

/* Lengths that no memory has. */
static void lengths(void)
{
	char byte = 'x';
	volatile size_t all = SIZE_MAX, half = SSIZE_MAX;
	printf("lengths\n");
	TRY(write(ends[1], &byte, all));
	TRY(write(ends[1], &byte, half));
	TRY(read(ends[0], &byte, all));
	TRY(pread(file, &byte, all, 0));
	TRY(write(null, &byte, all));
	TRY(read(zero, &byte, all));
	TRY(writev(ends[1], (struct iovec[]) { { &byte, 1 }, { &byte, all } }, 2));
	TRY(writev(ends[1], (struct iovec[]) { { &byte, 1 }, { &byte, half } }, 2));
	TRY(writev(ends[1], (struct iovec[]) { { &byte, 1 } }, 1025));
	TRY(writev(ends[1], (struct iovec[]) { { &byte, 1 } }, -1));
	TRY(write(99, (char *) 16, 1));
	TRY(fstat(99, (struct stat *) 16));
	TRY(waiting());
}

int main(void)
{
	char name[] = "/tmp/bad_pointers-XXXXXX";
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	char *pages = mmap(NULL, 5 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	end = pages + 3 * PAGE;
	constant = end + PAGE;
	mprotect(end, PAGE, PROT_NONE);
	mprotect(constant, PAGE, PROT_READ);
	pipe2(ends, O_NONBLOCK);
	file = mkstemp(name);
	event = eventfd(0, EFD_NONBLOCK);
	zero = open("/dev/zero", O_RDWR);
	null = open("/dev/null", O_RDWR);
	random_bytes = open("/dev/urandom", O_RDWR);
	transfers("NULL", NULL);
	transfers("16", (char *) 16);
	transfers("-1", (char *) -1);
	transfers("half of all", (char *) (1ul << 47));
	transfers("no address", (char *) (1ul << 63));
	transfers("PROT_NONE", end);
	transfers("read only", constant);
	structures("NULL", NULL);
	structures("16", (char *) 16);
	structures("-1", (char *) -1);
	structures("PROT_NONE", end);
	half_way();
	lengths();
	TRY(unlink(name));
	return 0;
}
