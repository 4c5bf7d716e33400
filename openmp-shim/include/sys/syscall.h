/* <sys/syscall.h> for libomp alone: the two Linux system calls that it makes by number, as calls of our kernel. */
#ifndef HERMIT_OPENMP_SYSCALL_H
#define HERMIT_OPENMP_SYSCALL_H

#include <errno.h>
#include <hermit/syscall.h>
#include <stdint.h>
#include <time.h>

#define SYS_gettid 186
#define __NR_futex 202

/* gettid(2) */
static inline long syscall(long number) {
  (void)number;
  return sys_gettid();
}

/* futex(2), FUTEX_WAIT (0) and FUTEX_WAKE (1) */
static inline long syscall(long number, volatile void *word, int operation, int value, const struct timespec *timeout,
                           void *, int) {
  (void)number;
  uint32_t *address = (uint32_t *)word;
  int answer = operation == 0 ? sys_futex_wait(address, (uint32_t)value, timeout, 0) : sys_futex_wake(address, value);
  if (answer >= 0)
    return answer;
  errno = -answer;
  return -1;
}

#endif
