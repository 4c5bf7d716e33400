/* <semaphore.h>. Size and alignment are glibc's. */
#ifndef _SEMAPHORE_H
#define _SEMAPHORE_H

#include <sys/cdefs.h>
#include <sys/types.h>
#include <time.h>

#define SEM_VALUE_MAX 2147483647

typedef union {
	unsigned long __waiters_and_value; /* the value in the lower half */
	char __size[32];
	long __align;
} sem_t;

#define SEM_FAILED ((sem_t *) 0)

__BEGIN_DECLS
int sem_init(sem_t *__semaphore, int __shared, unsigned int __value);
int sem_destroy(sem_t *__semaphore);
int sem_wait(sem_t *__semaphore);
int sem_trywait(sem_t *__semaphore);
int sem_timedwait(sem_t *__restrict __semaphore, const struct timespec *__restrict __deadline);
#if __GNU_VISIBLE
int sem_clockwait(sem_t *__restrict __semaphore, clockid_t __clock, const struct timespec *__restrict __deadline);
#endif
sem_t *sem_open(const char *__name, int __flags, ...);
int sem_close(sem_t *__semaphore);
int sem_unlink(const char *__name);
int sem_post(sem_t *__semaphore);
int sem_getvalue(sem_t *__restrict __semaphore, int *__restrict __value);
__END_DECLS

#endif
