/* `target` regions as gcc compiles them, run where they stand: an isle has no device but its own cores.
   libomp has these of libgomp's entry points only as stubs, or not at all; the interface is gcc 12's libgomp_g.h.
   On the initial device there is one copy of every variable, so mapping moves nothing. */
#include <limits.h>
#include <omp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Of libomp's part of the interface. */
void GOMP_taskwait_depend(void **depend);
void __kmp_GOMP_target(void (*region)(void *), void *data, int thread_limit);

/* The low byte of a map kind, GOMP_MAP_FIRSTPRIVATE in gcc's gomp-constants.h; the high byte is log2 of the alignment. */
enum { MAP_FIRSTPRIVATE = 12 };

static size_t up_to(size_t place, size_t alignment) { return (place + alignment - 1) & -alignment; }

static bool is_copied(unsigned short kind) { return (kind & 0xff) == MAP_FIRSTPRIVATE; }

/* Gives the region copies of its firstprivate variables, in `room`; without room, only counts the bytes. */
static size_t copy_private(size_t count, void **addresses, const size_t *sizes, const unsigned short *kinds,
                           char *room) {
  size_t used = 0;
  for (size_t i = 0; i < count; i++) {
    if (!is_copied(kinds[i]) || sizes[i] == 0)
      continue;
    size_t alignment = (size_t)1 << (kinds[i] >> 8);
    if (room != NULL) {
      used = up_to((uintptr_t)room + used, alignment) - (uintptr_t)room;
      addresses[i] = memcpy(room + used, addresses[i], sizes[i]);
    } else {
      used += alignment - 1;
    }
    used += sizes[i];
  }
  return used;
}

/* The clauses of the region as gcc lists them: a word with a device, a name and a value, which may stand in the next word.
   GOMP_TARGET_ARG_* in gcc's gomp-constants.h. */
enum { ARG_DEVICE = 0x7f, ARG_VALUE_FOLLOWS = 0x80, ARG_NAME = 0xff00, ARG_THREAD_LIMIT = 0x200, ARG_VALUE_SHIFT = 16 };

/* That of the clause thread_limit, 0 without it. */
static int thread_limit(void **arguments) {
  while (arguments != NULL && *arguments != NULL) {
    intptr_t word = (intptr_t)*arguments++;
    intptr_t value = word & ARG_VALUE_FOLLOWS ? (intptr_t)*arguments++ : word >> ARG_VALUE_SHIFT;
    if ((word & (ARG_NAME | ARG_DEVICE)) == ARG_THREAD_LIMIT) /* of all devices */
      return value > INT_MAX ? INT_MAX : (int)value;
  }
  return 0;
}

void GOMP_target_ext(int device, void (*region)(void *), size_t count, void **addresses, size_t *sizes,
                     unsigned short *kinds, unsigned int flags, void **depend, void **arguments) {
  (void)device;
  (void)flags;
  if (depend != NULL)
    GOMP_taskwait_depend(depend);
  size_t bytes = copy_private(count, addresses, sizes, kinds, NULL);
  char room[bytes + 1];
  if (bytes != 0)
    copy_private(count, addresses, sizes, kinds, room);
  __kmp_GOMP_target(region, addresses, thread_limit(arguments));
}

void GOMP_target_data_ext(int device, size_t count, void **addresses, size_t *sizes, unsigned short *kinds) {
  (void)device;
  (void)count;
  (void)addresses;
  (void)sizes;
  (void)kinds;
}

void GOMP_target_update_ext(int device, size_t count, void **addresses, size_t *sizes, unsigned short *kinds,
                            unsigned int flags, void **depend) {
  (void)device;
  (void)count;
  (void)addresses;
  (void)sizes;
  (void)kinds;
  (void)flags;
  if (depend != NULL)
    GOMP_taskwait_depend(depend);
}

void GOMP_target_enter_exit_data(int device, size_t count, void **addresses, size_t *sizes, unsigned short *kinds,
                                 unsigned int flags, void **depend) {
  GOMP_target_update_ext(device, count, addresses, sizes, kinds, flags, depend);
}
