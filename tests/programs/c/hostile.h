/* Access to the host's doorbell behind the kernel's back, for guests that misuse it (abi/src/{boot_info,hypercall,layout}.rs).
 *
 * The image is linked with `-Wl,-e,hostile_start`: that keeps the doorbell's context of the process isle and goes on as
 * usual. In the uhyve and qemu isles the boot info lies at a fixed address and the program runs in the kernel's address space. */
#include <stdint.h>

struct request {
	_Alignas(64) volatile uint32_t state;
	uint32_t number;
	uint64_t args[6];
	volatile int64_t result;
};

struct boot_info {
	uint64_t magic;
	uint32_t version, size_bytes, isle, nr_cpus;
	uint64_t flags, arguments[4];
	struct { uint64_t start, len_bytes; } memory[8], shared[4];
	uint32_t nr_memory_ranges, nr_shared_segments;
	uint64_t tsc_hz, tsc_at_boot, wall_clock_ns, monotonic_ns, clock_gettime, doorbell, doorbell_slots, pid;
};

enum { PROCESS = 1, UHYVE = 2, QEMU = 3, POSTED = 1, DONE = 2, SLOT = 63 };
enum { EXIT = 1, FATAL, LOG, WAIT, KICK, SET_TRAP_ENTRY, SET_SEGMENT_BASE, PROTECT, DISCARD, ENTROPY, MOVE = 17, MAP_SHARED_PAGES, UNMAP_SHARED_PAGES,
	OPEN = 32, CLOSE, READ, WRITE, PREAD, PWRITE, READV, WRITEV, SEEK, STAT, FSTAT, UNLINK, RENAME, MKDIR, READDIR, TRUNCATE, SYNC,
	LINK, SYMLINK, READLINK, ACCESS, CHDIR, CHDIR_HANDLE, GETCWD, IOCTL, POLL, CHMOD, CHMOD_HANDLE, SET_TIMES, SET_TIMES_HANDLE,
	LOCK, SET_FLAGS, GET_FLAGS, ALLOCATE, CHOWN, CHOWN_HANDLE, STATFS, STATFS_HANDLE,
	SOCKET = 80, INTERFACES = 93, EPOLL_CREATE = 110, EPOLL_CONTROL, EPOLL_WAIT };

enum { MAY_PEND = 1u << 31 };

uint64_t hostile_boot_info, hostile_context;

__asm__(".text\n.globl hostile_start\n.type hostile_start, @function\nhostile_start:\n"
	"\tmovq %rdi, hostile_boot_info(%rip)\n\tmovq %rdx, hostile_context(%rip)\n\tjmp _start\n"
	".size hostile_start, . - hostile_start\n");

static inline const struct boot_info *boot_info(void)
{
	return (const struct boot_info *)(hostile_boot_info ? hostile_boot_info : 0x100000);
}

/* Rings for the request at any address at all; waits at most some seconds until the host has taken it. */
static inline int ring_address(uint64_t address)
{
	const struct boot_info *info = boot_info();
	if (info->isle == PROCESS) {
		((void (*)(uint64_t, uint64_t))info->doorbell)(hostile_context, address);
		return 1;
	}
	if (info->isle == UHYVE) { /* abi/src/layout.rs, doorbell_ring */
		uint16_t port = (uint16_t)(info->doorbell + (address >> 38 & 255));
		__asm__ volatile("outl %0, %1" : : "a"((uint32_t)(address >> 6)), "d"(port) : "memory");
		return 1;
	}
	volatile uint64_t *slot = (volatile uint64_t *)info->doorbell_slots + SLOT;
	*slot = address;
	__asm__ volatile("outb %0, %1" : : "a"((uint8_t)SLOT), "d"((uint16_t)info->doorbell) : "memory");
	for (uint64_t patience = 2000000000; *slot && patience; patience--)
		__asm__ volatile("pause");
	return *slot == 0;
}

/* Makes a request; -1 if there is no answer. */
static inline int64_t call(uint32_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	static struct request request;
	request.number = number;
	uint64_t args[6] = { a, b, c, d, e, f };
	for (int i = 0; i < 6; i++)
		request.args[i] = args[i];
	request.result = INT64_MIN;
	__atomic_store_n(&request.state, POSTED, __ATOMIC_RELEASE);
	if (!ring_address((uint64_t)&request))
		return INT64_MIN;
	for (uint64_t patience = 2000000000; __atomic_load_n(&request.state, __ATOMIC_ACQUIRE) != DONE && patience; patience--)
		__asm__ volatile("pause");
	return request.state == DONE ? request.result : INT64_MIN;
}
