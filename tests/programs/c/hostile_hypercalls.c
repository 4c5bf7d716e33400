//# compare: none
//# stdout: survived\n
//# cflags: -Wl,-e,hostile_start
//# mem: 128M
//# cpus: 1
//# timeout-s: 240
/* A guest that rings the doorbell with hostile requests, chosen and random: every one is answered with an error or does no
 * harm, nothing of the proxy's memory is read or written, and the program ends as usual. One vCPU: the kernel of this
 * program has not prepared for a second one that a random request starts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostile.h"

static int faults;

#define MUST(condition, ...)                                                                                           \
	do {                                                                                                           \
		if (!(condition) && faults++ < 20) {                                                                   \
			fprintf(stderr, "line %d: ", __LINE__);                                                        \
			fprintf(stderr, __VA_ARGS__);                                                                  \
			fprintf(stderr, "\n");                                                                         \
		}                                                                                                      \
	} while (0)

static uint64_t bad[16];
static int nr_bad;
static uint64_t memory_end; /* of this guest's */

/* Addresses where a range of some bytes is not, or not completely, the guest's. */
static void find_bad_addresses(void)
{
	const struct boot_info *info = boot_info();
	uint64_t end = 0;
	for (unsigned i = 0; i < info->nr_memory_ranges; i++)
		if (info->memory[i].start + info->memory[i].len_bytes > end)
			end = info->memory[i].start + info->memory[i].len_bytes;
	if (info->isle == PROCESS) /* in a virtual machine the guest's memory begins at 0 */
		bad[nr_bad++] = 0xfff;
	end = (end + 0xfffff) & ~0xfffffull; /* the kernel may keep the last pages of RAM for itself */
	memory_end = end;
	const uint64_t always[] = { end, end + 4096, UINT64_MAX, UINT64_MAX - 7, UINT64_MAX - 4095, 1ull << 63, 1ull << 47,
		0x7fffffffe000, 0xffff800000000000, end + (1ull << 40) };
	for (unsigned i = 0; i < sizeof always / sizeof *always; i++)
		bad[nr_bad++] = always[i];
	if (info->isle == PROCESS) {
		bad[nr_bad++] = info->doorbell; /* the proxy's own code */
		bad[nr_bad++] = hostile_context & ~7ull; /* and data */
	}
}

static int is_error(int64_t result)
{
	return result < 0 && result > -4096;
}

/* What can be mapped, and how: in the process isle; elsewhere nothing. */
static void shared_pages(const uint64_t *closed, unsigned nr_closed)
{
	const uint64_t cwd = (uint64_t)-100;
	const uint64_t place = (uint64_t)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (unsigned i = 0; i < nr_closed; i++)
		MUST(is_error(call(MAP_SHARED_PAGES, closed[i], 0, place, 4096, 3, 0)), "pages of handle %#llx", (unsigned long long)closed[i]);
	static const char *const others[] = { "/dev/zero", "/dev/null", ".", "/proc/self/maps" };
	for (unsigned i = 0; i < sizeof others / sizeof *others; i++) {
		int64_t handle = call(OPEN, cwd, (uint64_t)others[i], strlen(others[i]), 0, 0, 0);
		MUST(is_error(call(MAP_SHARED_PAGES, handle, 0, place, 4096, 1, 0)), "pages of %s", others[i]);
		call(CLOSE, handle, 0, 0, 0, 0, 0);
	}
	int64_t handle = call(OPEN, cwd, (uint64_t)"hostile-file", 12, 0, 0, 0);
	MUST(is_error(call(MAP_SHARED_PAGES, handle, 0, place, 4096, 3, 0)), "pages %s", "that are not open for writing");
	for (uint64_t access = 4; access != 0; access <<= 1)
		MUST(is_error(call(MAP_SHARED_PAGES, handle, 0, place, 4096, access | 1, 0)), "access %#llx", (unsigned long long)access);
	MUST(is_error(call(MAP_SHARED_PAGES, handle, 1, place, 4096, 1, 0)) && is_error(call(MAP_SHARED_PAGES, handle, 0, place, 0, 1, 0)), "%s", "odd");
	MUST(call(MAP_SHARED_PAGES, handle, 0, place, 4096, 1, 0) == (boot_info()->isle == PROCESS ? 0 : -ENOSYS), "pages of %s", "a file");
	call(CLOSE, handle, 0, 0, 0, 0, 0);
	MUST(call(UNMAP_SHARED_PAGES, place, 4096, 0, 0, 0, 0) == (boot_info()->isle == PROCESS ? 0 : -ENOSYS), "fresh %s", "pages");
	munmap((void *)place, 4096);
}

static void chosen(void)
{
	static char buffer[4096] = "buffer", path[] = "hostile-file";
	const uint64_t cwd = (uint64_t)-100, at = (uint64_t)path, len = sizeof path - 1, to = (uint64_t)buffer;
	for (int i = 0; i < nr_bad; i++) {
		uint64_t nowhere = bad[i];
		static const uint32_t with_path[] = { OPEN, STAT, UNLINK, MKDIR, READLINK, ACCESS, CHMOD, SET_TIMES, CHOWN, STATFS };
		for (unsigned k = 0; k < sizeof with_path / sizeof *with_path; k++)
			MUST(call(with_path[k], cwd, nowhere, 16, to, 16, 0) == -EFAULT, "call %u with path %#llx: no EFAULT", with_path[k],
			     (unsigned long long)nowhere);
		static const uint32_t with_buffer[] = { READ, WRITE, PREAD, PWRITE, READDIR };
		int64_t handle = call(OPEN, cwd, at, len, 0102 /* O_RDWR | O_CREAT */, 0600, 0);
		MUST(handle >= 0, "cannot open: %lld", (long long)handle);
		call(WRITE, handle, to, 4096, 0, 0, 0);
		call(SEEK, handle, 0, 0, 0, 0, 0);
		for (unsigned k = 0; k < sizeof with_buffer / sizeof *with_buffer; k++)
			MUST(is_error(call(with_buffer[k], handle, nowhere, 4096, 0, 0, 0)), "call %u with buffer %#llx: no error",
			     with_buffer[k], (unsigned long long)nowhere);
		uint64_t vector[2] = { nowhere, 16 };
		MUST(is_error(call(WRITEV, handle, (uint64_t)vector, 1, 0, 0, 0)), "vector to %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(READV, handle, nowhere, 1, 0, 0, 0)), "vectors at %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(WRITEV, handle, (uint64_t)vector, UINT64_MAX, 0, 0, 0)), "many vectors");
		MUST(is_error(call(FSTAT, handle, nowhere, 0, 0, 0, 0)), "stat to %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(GETCWD, nowhere, 4096, 0, 0, 0, 0)), "getcwd to %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(ENTROPY, nowhere, 64, 0, 0, 0, 0)), "entropy to %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(POLL, nowhere, 1, 0, 0, 0, 0)), "poll at %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(SET_TIMES_HANDLE, handle, nowhere, 0, 0, 0, 0)), "times at %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(LOCK, handle, 5, nowhere, 0, 0, 0)), "lock at %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(PROTECT, nowhere, 4096, 3, 0, 0, 0)), "protect %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(DISCARD, nowhere, 4096, 0, 0, 0, 0)), "discard %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(MOVE, nowhere, nowhere, 4096, 0, 0, 0)), "move %#llx to itself", (unsigned long long)nowhere);
		MUST(is_error(call(MOVE, to & ~4095ull, nowhere, 4096, 0, 0, 0)), "move to %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(MOVE, nowhere, to & ~4095ull, 4096, 0, 0, 0)), "move from %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(MAP_SHARED_PAGES, handle, 0, nowhere, 4096, 3, 0)), "a file at %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(MAP_SHARED_PAGES, handle, 0, nowhere & ~4095ull, 4096, 3, 0)), "a file on %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(UNMAP_SHARED_PAGES, nowhere, 4096, 0, 0, 0, 0)), "fresh pages at %#llx", (unsigned long long)nowhere);
		MUST(is_error(call(SET_TRAP_ENTRY, nowhere, 0, 0, 0, 0, 0)), "trap entry %#llx", (unsigned long long)nowhere);
		/* A good address with a length that leads out of the guest, or around. */
		static const uint64_t lengths[] = { 1ull << 40, 1ull << 63, UINT64_MAX, UINT64_MAX - 4095 };
		for (unsigned k = 0; k < sizeof lengths / sizeof *lengths; k++) {
			MUST(is_error(call(WRITE, handle, to, lengths[k], 0, 0, 0)), "write of %#llx", (unsigned long long)lengths[k]);
			MUST(is_error(call(READ, handle, to, lengths[k], 0, 0, 0)), "read of %#llx", (unsigned long long)lengths[k]);
			MUST(is_error(call(OPEN, cwd, at, lengths[k], 0, 0, 0)), "path of %#llx", (unsigned long long)lengths[k]);
			MUST(is_error(call(POLL, to, lengths[k], 0, 0, 0, 0)), "poll of %#llx", (unsigned long long)lengths[k]);
			MUST(is_error(call(DISCARD, to & ~4095ull, lengths[k], 0, 0, 0, 0)), "discard of %#llx", (unsigned long long)lengths[k]);
			MUST(is_error(call(MAP_SHARED_PAGES, handle, 0, to & ~4095ull, lengths[k], 3, 0)), "a file of %#llx", (unsigned long long)lengths[k]);
			MUST(is_error(call(UNMAP_SHARED_PAGES, to & ~4095ull, lengths[k], 0, 0, 0, 0)), "fresh pages of %#llx", (unsigned long long)lengths[k]);
		}
		MUST(call(CLOSE, handle, 0, 0, 0, 0, 0) == 0, "close");
	}
	/* The first that is not open: who has started the program may have given it some. */
	uint64_t unused = 3;
	while (!is_error(call(GET_FLAGS, unused, 0, 0, 0, 0, 0)))
		unused++;
	const uint64_t handles[] = { unused, unused + 63, unused + 64, 2000, 1ull << 31, 1ull << 32, (1ull << 32) + 1, 1ull << 63, UINT64_MAX };
	for (unsigned i = 0; i < sizeof handles / sizeof *handles; i++)
		for (uint32_t number = CLOSE; number <= SEEK; number++)
			MUST(is_error(call(number, handles[i], to, 16, 0, 0, 0)), "call %u with handle %#llx", number,
			     (unsigned long long)handles[i]);
	shared_pages(handles, sizeof handles / sizeof *handles);
	for (uint32_t number = STATFS_HANDLE + 1; number < 300; number++)
		if (number >= SOCKET && number <= INTERFACES)
			MUST(call(number, 1, 1, 1, 1, 1, 1) == -EACCES, "call %u by an image without sockets", number);
		else if (number < EPOLL_CREATE || number > EPOLL_WAIT)
			MUST(call(number, 1, 1, 1, 1, 1, 1) == -ENOSYS, "there is no call %u", number);
	int64_t epoll = call(EPOLL_CREATE, 0, 0, 0, 0, 0, 0);
	MUST(epoll >= 0, "cannot make an epoll: %lld", (long long)epoll);
	for (unsigned i = 0; i < sizeof handles / sizeof *handles; i++) {
		MUST(is_error(call(EPOLL_CONTROL, handles[i] + 100, 1, 1, 1, 0, 0)), "control of %#llx", (unsigned long long)handles[i]);
		MUST(is_error(call(EPOLL_CONTROL, epoll, 1, handles[i] + 100, 1, 0, 0)), "control for %#llx", (unsigned long long)handles[i]);
		MUST(is_error(call(EPOLL_WAIT, handles[i] + 100, to, 16, 0, 0, 0)), "wait for %#llx", (unsigned long long)handles[i]);
	}
	for (int i = 0; i < nr_bad; i++)
		MUST(call(EPOLL_WAIT, epoll, bad[i], 16, 0, 0, 0) <= 0, "events to %#llx", (unsigned long long)bad[i]);
	MUST(is_error(call(EPOLL_CONTROL, epoll, 1, epoll, 1, 0, 0)), "an epoll of %s", "itself");
	MUST(is_error(call(EPOLL_WAIT, epoll, to, 0, 0, 0, 0)) && is_error(call(EPOLL_WAIT, epoll, to, UINT64_MAX, 0, 0, 0)), "%s many", "too");
	MUST(call(CLOSE, epoll, 0, 0, 0, 0, 0) == 0, "close");
	MUST(call(UINT32_MAX, 0, 0, 0, 0, 0, 0) == -ENOSYS, "there is no last call");
	MUST(call(0, 0, 0, 0, 0, 0, 0) == -ENOSYS, "there is no call 0");
	MUST(is_error(call(IOCTL, 1, 0x5412 /* TIOCSTI */, to, 0, 0, 0)), "TIOCSTI");
	call(UNLINK, cwd, at, len, 0, 0, 0);
}

static uint64_t state = 88172645463325252u;

static uint64_t random64(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

/* What random requests may change of this guest: everything else is its code, its data, or its kernel's. Lengths are no more than that, and as much
 * is mapped behind it, and behind the paths. */
enum { GROUND_BYTES = 1 << 16 };
static unsigned char *ground;

/* Files of the program's own, and what it must not reach; they are written anew behind the ground for each request, which may take them for a
 * buffer. */
static const char paths[][24] = { "", ".", "one", "two", "folder", "folder/three", "/dev/null", "/dev/fd/3", "/proc/self/mem",
	"/proc/self/fd/0", "/sys/kernel/mm", "one/", "\xff\1" };

static uint64_t path_len;

/* Some number; `path_len` is then the length of the path that it is the address of. */
static uint64_t random_argument(void)
{
	uint64_t value;
	path_len = 0;
	switch (random64() % 8) {
	case 0: value = bad[random64() % nr_bad] + random64() % 64 - 32; break;
	case 1: value = random64() >> (random64() % 64); break;
	case 2: value = -(random64() >> (random64() % 64)); break;
	case 3: return random64() % 8;
	case 4: value = 1ull << random64() % 64; break;
	case 5: return (uint64_t)-100;
	case 6:
		value = random64() % (sizeof paths / sizeof *paths);
		path_len = strlen(paths[value]) + (random64() % 16 == 0);
		return (uint64_t)(ground + GROUND_BYTES + value * sizeof *paths);
	default: return (uint64_t)ground + random64() % GROUND_BYTES;
	}
	/* Not into what this guest needs to live. */
	return value > GROUND_BYTES && value < memory_end ? (uint64_t)ground + value % GROUND_BYTES : value;
}

/* Whether a request might change, or open, a file that `paths` does not name: as root, it would be the machine's. */
static int names_others(uint32_t number, const uint64_t *args)
{
	static const uint32_t with_path[] = { OPEN, UNLINK, RENAME, MKDIR, LINK, SYMLINK, CHDIR, CHMOD, SET_TIMES, CHOWN };
	unsigned i = 0;
	while (with_path[i] != number)
		if (++i == sizeof with_path / sizeof *with_path)
			return 0;
	for (int k = 0; k < 6; k++) {
		uint64_t offset = args[k] - (uint64_t)ground;
		if (offset >= 4 * GROUND_BYTES)
			continue;
		offset -= GROUND_BYTES; /* around, for what is before the paths */
		if (k == 5 || offset >= sizeof paths || offset % sizeof *paths != 0)
			return 1;
		uint64_t len = strlen(paths[offset / sizeof *paths]);
		if (args[k + 1] != len && args[k + 1] != len + 1)
			return 1;
	}
	return 0;
}

/* Whether it is this guest's memory, but not that of random requests. */
static int is_elsewhere(uint64_t start, uint64_t len)
{
	return start < memory_end && len <= memory_end && (start < (uint64_t)ground || start + len > (uint64_t)ground + GROUND_BYTES);
}

/* Requests by which a guest ends itself, waits for ever, loses its own memory, traps or thread-local storage, fills the host's disk or changes
 * files of its user's, all of which are its right; and those of its own standard streams. */
static int is_own_risk(uint32_t number, const uint64_t *args)
{
	number &= ~MAY_PEND;
	switch (number) {
	case EXIT:
	case FATAL:
	case WAIT:
	case KICK: return 1;
	case SET_TRAP_ENTRY: return args[0] >= (uint64_t)ground && args[0] < memory_end;
	case SET_SEGMENT_BASE: return args[0] < 2 && args[1] >> 47 == 0;
	case PROTECT:
	case DISCARD: return is_elsewhere(args[0], args[1]);
	case UNMAP_SHARED_PAGES: return is_elsewhere(args[0], args[1]);
	case MAP_SHARED_PAGES: return is_elsewhere(args[2], args[3]) || args[2] - (uint64_t)ground < GROUND_BYTES;
	case MOVE: return is_elsewhere(args[0], args[2]) || is_elsewhere(args[1], args[2]);
	case POLL: return args[2] != 0;
	case EPOLL_WAIT: return args[3] != 0;
	case EPOLL_CREATE: return random64() % 64 != 0; /* Handles are few. */
	case ALLOCATE: return args[0] < 3 || (args[1] >> 20 | args[2] >> 20 | args[3] >> 20) != 0;
	}
	return (number >= OPEN && args[0] < 3) || names_others(number, args);
}

static void at_random(uint64_t count)
{
	uint64_t answered = 0;
	ground = mmap(NULL, 4 * GROUND_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	MUST(ground != MAP_FAILED, "no %s", "memory");
	/* What was inherited is not this program's to write to: it may be a pipe that nobody reads, or somebody's log. */
	for (uint64_t handle = 3; handle < 1024; handle++)
		call(CLOSE, handle, 0, 0, 0, 0, 0);
	for (unsigned i = 0; i < GROUND_BYTES; i += 16) { /* vectors, most of them */
		memcpy(ground + i, &(uint64_t){ random_argument() }, 8);
		memcpy(ground + i + 8, &(uint64_t){ random64() >> random64() % 64 }, 8);
	}
	for (uint64_t i = 0; i < count; i++) {
		uint64_t args[6];
		uint32_t number = random64() % 16 == 0 ? EPOLL_CREATE + random64() % 4 : random64() % (STATFS_HANDLE + 4);
		memcpy(ground + GROUND_BYTES, paths, sizeof paths);
		for (int k = 0; k < 6; k++) {
			args[k] = random_argument();
			if (path_len != 0 && k < 5)
				args[++k] = path_len;
		}
		if (random64() % 64 == 0)
			number = (uint32_t)random64();
		if (!is_own_risk(number, args))
			answered += call(number & ~MAY_PEND, args[0], args[1], args[2], args[3], args[4], args[5]) >= 0;
	}
	MUST(answered >= count / 100, "only %llu of %llu random requests made sense", (unsigned long long)answered, (unsigned long long)count);
}

/* Requests that are not where a request can be: nobody to answer to, so nothing happens. */
static void misplaced(void)
{
	static struct request request = { .state = POSTED, .number = GET_FLAGS }, code;
	for (int i = 0; i < nr_bad; i++)
		MUST(ring_address(bad[i]), "a request at %#llx was not taken", (unsigned long long)bad[i]);
	for (int offset = 1; offset < 64; offset++)
		MUST(ring_address((uint64_t)&request + offset), "an address inside of a request was not taken: %d", offset);
	/* In uhyve the doorbell names blocks of 64 bytes, so that what is inside of one is the request itself. */
	if (boot_info()->isle != UHYVE)
		MUST(request.state == POSTED && request.result == 0, "a request was answered by an address %s", "inside of it");
	for (int offset = 1; offset < 64; offset++) {
		static _Alignas(64) unsigned char crooked[2 * sizeof request];
		if (offset % 8 == 0)
			continue;
		request.state = POSTED;
		request.result = 0;
		memset(crooked, 0, sizeof crooked);
		memcpy(crooked + offset, (const void *)&request, sizeof request);
		MUST(ring_address((uint64_t)crooked + offset), "a request at offset %d was not taken", offset);
		MUST(memcmp(crooked + offset, (const void *)&request, sizeof request) == 0, "a request at offset %d was answered", offset);
	}
	memcpy(&code, (const void *)&call, sizeof code);
	MUST(ring_address((uint64_t)&call & ~63ull), "a request in code was %s", "not taken");
	MUST(memcmp(&code, (const void *)&call, sizeof code) == 0, "an answer was written over %s", "code");
	request.state = DONE;
	request.result = 0;
	ring_address((uint64_t)&request); /* not posted */
	MUST(request.result == 0, "a request that was not posted was answered");
	if (boot_info()->isle == QEMU)
		for (int byte = 0; byte < 256; byte++) /* slots that are empty or do not exist */
			__asm__ volatile("outb %0, %1" : : "a"((uint8_t)byte), "d"((uint16_t)boot_info()->doorbell));
}

/* hostile_hypercalls [COUNT [SEED]]: how many random requests, and which. */
int main(int argc, char **argv)
{
	struct stat null;
	char home[4096];
	uint64_t count = boot_info()->isle == PROCESS ? 200000 : 3000;
	if (argc > 1)
		count = strtoull(argv[1], NULL, 10);
	if (argc > 2)
		state += strtoull(argv[2], NULL, 10) << 32;
	if (boot_info()->magic != 0x01005f544d524548 && memcmp(boot_info(), "HERMIT", 6) != 0) {
		puts("no boot info");
		return 1;
	}
	if (getcwd(home, sizeof home) == NULL)
		return 1;
	find_bad_addresses();
	chosen();
	misplaced();
	at_random(count);
	errno = null.st_mode = 0;
	MUST(stat("/dev/null", &null) == 0 && (null.st_mode & 0777) == 0666, "/dev/null has changed: mode %o, errno %d", (unsigned)null.st_mode, errno);
	if (chdir(home) != 0)
		faults++;
	char back[16] = "";
	FILE *file = fopen("still-here", "w+");
	unlink("still-here");
	if (!file || fputs("file", file) < 0 || fseek(file, 0, SEEK_SET) || !fgets(back, sizeof back, file) || strcmp(back, "file"))
		faults++;
	if (faults == 0)
		puts("survived");
	return faults != 0;
}
