/* Thread-specific data. The first keys are in thread-local storage, the rest of the table comes when it is needed. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/lock.h>

#include "hermit_libc.h"
#include "thread.h"

#define NEAR_KEYS 16

static struct {
	void (*destructor)(void *);
	int used;
} keys[PTHREAD_KEYS_MAX];
static _LOCK_T keys_lock;

static __thread const void *near_values[NEAR_KEYS];
static __thread const void **far_values; /* of the keys from NEAR_KEYS on */

static const void **slot(pthread_key_t key)
{
	if (key < NEAR_KEYS)
		return &near_values[key];
	return far_values != NULL ? &far_values[key - NEAR_KEYS] : NULL;
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	int result = EAGAIN;
	__lock_acquire(keys_lock);
	for (pthread_key_t i = 0; i < PTHREAD_KEYS_MAX; ++i) {
		if (keys[i].used)
			continue;
		keys[i].used = 1;
		keys[i].destructor = destructor;
		*key = i;
		result = 0;
		break;
	}
	__lock_release(keys_lock);
	return result;
}

/* glibc's other name for it, which libgcc asks for. */
int __pthread_key_create(pthread_key_t *key, void (*destructor)(void *)) __attribute__((alias("pthread_key_create")));

int pthread_key_delete(pthread_key_t key)
{
	if (key >= PTHREAD_KEYS_MAX || !keys[key].used)
		return EINVAL;
	/* A later key with this number must start as NULL, at least here. */
	if (slot(key) != NULL)
		*slot(key) = NULL;
	__lock_acquire(keys_lock);
	keys[key].used = 0;
	keys[key].destructor = NULL;
	__lock_release(keys_lock);
	return 0;
}

void *pthread_getspecific(pthread_key_t key)
{
	if (key >= PTHREAD_KEYS_MAX)
		return NULL;
	const void **value = slot(key);
	return value != NULL ? (void *) (uintptr_t) *value : NULL;
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
	if (key >= PTHREAD_KEYS_MAX || !keys[key].used)
		return EINVAL;
	if (key >= NEAR_KEYS && far_values == NULL) {
		far_values = calloc(PTHREAD_KEYS_MAX - NEAR_KEYS, sizeof(*far_values));
		if (far_values == NULL)
			return ENOMEM;
	}
	*slot(key) = value;
	return 0;
}

/* POSIX: a destructor may set values again, for which it is called again, a few times. */
void __hermit_run_key_destructors(void)
{
	for (int round = 0, found = 1; found && round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
		found = 0;
		for (pthread_key_t key = 0; key < PTHREAD_KEYS_MAX; ++key) {
			const void **value = slot(key);
			void (*destructor)(void *) = keys[key].destructor;
			if (value == NULL || *value == NULL || destructor == NULL)
				continue;
			void *old = (void *) (uintptr_t) *value;
			*value = NULL;
			destructor(old);
			found = 1;
		}
	}
	free(far_values);
	far_values = NULL;
}
