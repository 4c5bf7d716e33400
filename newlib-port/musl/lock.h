/* Stands in for musl's locks: one word, zero is unlocked, as newlib's locks here. */
#ifndef HERMIT_MUSL_LOCK_H
#define HERMIT_MUSL_LOCK_H

#include <sys/lock.h>

#define LOCK(word)   __hermit_lock_acquire((_LOCK_T *) (word))
#define UNLOCK(word) __hermit_lock_release((_LOCK_T *) (word))

#endif
