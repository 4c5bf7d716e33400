/* newlib's locks on the futex: <sys/lock.h>. The three-state mutex of Drepper, "Futexes Are Tricky", mutex 2. */
#include <sys/lock.h>

#include "hermit_libc.h"

int __hermit_threaded;

static void *self(void)
{
	void *thread;
	__asm__("mov %%fs:0, %0" : "=r"(thread)); /* the thread pointer: x86-64 TLS ABI */
	return thread;
}

static int try_word(unsigned int *word)
{
	unsigned int expected = 0;
	if (!__hermit_threaded) {
		if (*word != 0)
			return 0;
		*word = 1;
		return 1;
	}
	return __atomic_compare_exchange_n(word, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static void lock_word(unsigned int *word)
{
	if (try_word(word))
		return;
	while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0)
		sys_futex_wait(word, 2, 0, 0);
}

static void unlock_word(unsigned int *word)
{
	if (!__hermit_threaded) {
		*word = 0;
		return;
	}
	if (__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) == 2)
		sys_futex_wake(word, 1);
}

void __hermit_lock_acquire(_LOCK_T *lock)
{
	lock_word(&lock->__word);
}

/* Returns 0 when it took the lock. */
int __hermit_lock_try_acquire(_LOCK_T *lock)
{
	return !try_word(&lock->__word);
}

void __hermit_lock_release(_LOCK_T *lock)
{
	unlock_word(&lock->__word);
}

void __hermit_lock_acquire_recursive(_LOCK_RECURSIVE_T *lock)
{
	void *me = self();
	/* Only this thread writes its own pointer there, so the comparison needs no order. */
	if (__atomic_load_n(&lock->__owner, __ATOMIC_RELAXED) == me) {
		++lock->__depth;
		return;
	}
	lock_word(&lock->__word);
	__atomic_store_n(&lock->__owner, me, __ATOMIC_RELAXED);
}

int __hermit_lock_try_acquire_recursive(_LOCK_RECURSIVE_T *lock)
{
	void *me = self();
	if (__atomic_load_n(&lock->__owner, __ATOMIC_RELAXED) == me) {
		++lock->__depth;
		return 0;
	}
	if (!try_word(&lock->__word))
		return 1;
	__atomic_store_n(&lock->__owner, me, __ATOMIC_RELAXED);
	return 0;
}

void __hermit_lock_release_recursive(_LOCK_RECURSIVE_T *lock)
{
	if (lock->__depth != 0) {
		--lock->__depth;
		return;
	}
	__atomic_store_n(&lock->__owner, (void *) 0, __ATOMIC_RELAXED);
	unlock_word(&lock->__word);
}
