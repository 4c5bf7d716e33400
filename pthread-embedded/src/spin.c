/* Spin locks: 0 free, 1 held. Who spins in vain for long lets others run: the holder may be on the same core. */
#include <errno.h>
#include <pthread.h>

#include "hermit_libc.h"

enum { SPINS_BEFORE_YIELD = 200 };

int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	(void) shared; /* there is one process */
	*lock = 0;
	return 0;
}

int pthread_spin_destroy(pthread_spinlock_t *lock)
{
	(void) lock;
	return 0;
}

int pthread_spin_lock(pthread_spinlock_t *lock)
{
	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) != 0)
		for (int spins = 0; __atomic_load_n(lock, __ATOMIC_RELAXED) != 0; ++spins) {
			__builtin_ia32_pause();
			if (spins == SPINS_BEFORE_YIELD) {
				sys_yield();
				spins = 0;
			}
		}
	return 0;
}

int pthread_spin_trylock(pthread_spinlock_t *lock)
{
	return __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) != 0 ? EBUSY : 0;
}

int pthread_spin_unlock(pthread_spinlock_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
	return 0;
}
