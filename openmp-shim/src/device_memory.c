/* OpenMP 5.1, 3.8: device memory routines where the initial device is the only one. libomp leaves them to
   libomptarget, which an isle does not have. */
#include <errno.h>
#include <limits.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

static int is_host(int device) { return device == omp_get_initial_device() || device == omp_get_num_devices(); }

void *omp_target_alloc(size_t size, int device) { return is_host(device) ? malloc(size) : NULL; }

void omp_target_free(void *memory, int device) {
  if (is_host(device))
    free(memory);
}

int omp_target_is_present(const void *memory, int device) { return is_host(device) && memory != NULL; }

int omp_target_is_accessible(const void *memory, size_t size, int device) {
  (void)size;
  return is_host(device) && memory != NULL;
}

void *omp_get_mapped_ptr(const void *memory, int device) { return is_host(device) ? (void *)memory : NULL; }

int omp_target_memcpy(void *to, const void *from, size_t size, size_t to_offset, size_t from_offset, int to_device,
                      int from_device) {
  if (!is_host(to_device) || !is_host(from_device))
    return EINVAL;
  memcpy((char *)to + to_offset, (const char *)from + from_offset, size);
  return 0;
}

/* One dimension of the rectangle after the other; the last one is a run of bytes. */
static void copy_rectangle(char *to, const char *from, size_t element, int dimensions, const size_t *volume,
                           const size_t *to_offsets, const size_t *from_offsets, const size_t *to_extents,
                           const size_t *from_extents) {
  if (dimensions == 1) {
    memcpy(to + element * to_offsets[0], from + element * from_offsets[0], element * volume[0]);
    return;
  }
  size_t to_slice = element, from_slice = element;
  for (int i = 1; i < dimensions; i++) {
    to_slice *= to_extents[i];
    from_slice *= from_extents[i];
  }
  for (size_t i = 0; i < volume[0]; i++)
    copy_rectangle(to + to_slice * (to_offsets[0] + i), from + from_slice * (from_offsets[0] + i), element,
                   dimensions - 1, volume + 1, to_offsets + 1, from_offsets + 1, to_extents + 1, from_extents + 1);
}

int omp_target_memcpy_rect(void *to, const void *from, size_t element, int dimensions, const size_t *volume,
                           const size_t *to_offsets, const size_t *from_offsets, const size_t *to_extents,
                           const size_t *from_extents, int to_device, int from_device) {
  if (to == NULL && from == NULL)
    return INT_MAX; /* the number of dimensions that are supported */
  if (!is_host(to_device) || !is_host(from_device) || element == 0 || dimensions < 1)
    return EINVAL;
  copy_rectangle(to, from, element, dimensions, volume, to_offsets, from_offsets, to_extents, from_extents);
  return 0;
}

/* Nothing can be associated with the initial device (5.1, 3.8.9). */
int omp_target_associate_ptr(const void *host, const void *memory, size_t size, size_t offset, int device) {
  (void)host;
  (void)memory;
  (void)size;
  (void)offset;
  (void)device;
  return EINVAL;
}

int omp_target_disassociate_ptr(const void *memory, int device) {
  (void)memory;
  (void)device;
  return EINVAL;
}
