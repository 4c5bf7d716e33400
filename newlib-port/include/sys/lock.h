/* <sys/lock.h>: newlib's locks, on the kernel's futex (sys/hermit/lock.c).
 *
 * Replaces newlib's file: its retargetable locks cost a malloc per FILE, these are part of it and are born unlocked
 * as zeros. An uncontended lock or unlock is one atomic instruction; a recursive one by its owner is none. */
#ifndef __SYS_LOCK_H__
#define __SYS_LOCK_H__

#include <_ansi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* word: 0 free, 1 held, 2 held and somebody may wait. */
typedef struct {
	unsigned int __word;
} _LOCK_T;

/* owner: the holder's thread pointer, 0 if free; depth: how often it took it again. */
typedef struct {
	unsigned int __word;
	unsigned int __depth;
	void *__owner;
} _LOCK_RECURSIVE_T;

extern void __hermit_lock_acquire(_LOCK_T *__lock);
extern int __hermit_lock_try_acquire(_LOCK_T *__lock);
extern void __hermit_lock_release(_LOCK_T *__lock);
extern void __hermit_lock_acquire_recursive(_LOCK_RECURSIVE_T *__lock);
extern int __hermit_lock_try_acquire_recursive(_LOCK_RECURSIVE_T *__lock);
extern void __hermit_lock_release_recursive(_LOCK_RECURSIVE_T *__lock);

#ifdef __cplusplus
}
#endif

#define __LOCK_INIT(class, lock)              class _LOCK_T lock = {0};
#define __LOCK_INIT_RECURSIVE(class, lock)    class _LOCK_RECURSIVE_T lock = {0, 0, 0};
#define __lock_init(lock)                     ((lock).__word = 0)
#define __lock_init_recursive(lock)           ((lock).__word = 0, (lock).__depth = 0, (lock).__owner = 0)
#define __lock_close(lock)                    ((void) 0)
#define __lock_close_recursive(lock)          ((void) 0)
#define __lock_acquire(lock)                  __hermit_lock_acquire(&(lock))
#define __lock_acquire_recursive(lock)        __hermit_lock_acquire_recursive(&(lock))
#define __lock_try_acquire(lock)              __hermit_lock_try_acquire(&(lock))
#define __lock_try_acquire_recursive(lock)    __hermit_lock_try_acquire_recursive(&(lock))
#define __lock_release(lock)                  __hermit_lock_release(&(lock))
#define __lock_release_recursive(lock)        __hermit_lock_release_recursive(&(lock))

#endif
