//# cpus: 1 2 4
//# cflags: -pthread
/* pthread_once runs once while many wait for it; keys start empty in each thread; destructors run again while they set values.
 * Keys that were deleted are given out again. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { THREADS = 8 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t plain, chained;
static atomic_int initialised, too_early, empty, destroyed, chain;

static void initialise(void)
{
	usleep(5000);
	atomic_fetch_add(&initialised, 1);
}

static void destroy(void *value)
{
	atomic_fetch_add(&destroyed, (int)(long)value);
}

static void destroy_again(void *value)
{
	long rest = (long)value;
	atomic_fetch_add(&chain, 1);
	if (rest > 1)
		pthread_setspecific(chained, (void *)(rest - 1));
}

static void *work(void *argument)
{
	pthread_once(&once, initialise);
	if (!atomic_load(&initialised))
		atomic_fetch_add(&too_early, 1);
	if (!pthread_getspecific(plain) && !pthread_getspecific(chained))
		atomic_fetch_add(&empty, 1);
	pthread_setspecific(plain, argument);
	pthread_setspecific(chained, (void *)3);
	return pthread_getspecific(plain) == argument ? argument : NULL;
}

/* Makes all keys that there are, and deletes them. */
static int all_keys(void)
{
	static pthread_key_t all[PTHREAD_KEYS_MAX];
	int made = 0;
	while (made < PTHREAD_KEYS_MAX && pthread_key_create(&all[made], NULL) == 0)
		made++;
	for (int i = 0; i < made; i++)
		pthread_key_delete(all[i]);
	return made;
}

int main(void)
{
	int keys_at_first = all_keys();
	printf("many keys %d, as many again %d\n", keys_at_first > 1000, all_keys() == keys_at_first);
	pthread_t threads[THREADS];
	long sum = 0;
	printf("create %d %d\n", pthread_key_create(&plain, destroy), pthread_key_create(&chained, destroy_again));
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)(i + 1));
	for (int i = 0; i < THREADS; i++) {
		void *result;
		pthread_join(threads[i], &result);
		sum += (long)result;
	}
	printf("initialised %d, too early %d, empty %d\n", initialised, too_early, empty);
	printf("sum %ld, destroyed %d, chain %d\n", sum, destroyed, chain);
	printf("delete %d", pthread_key_delete(plain));
	printf(" again %d\n", pthread_key_delete(plain) == EINVAL);
	pthread_key_t keys[64];
	int made = 0, distinct = 1;
	for (int i = 0; i < 64; i++)
		made += pthread_key_create(&keys[i], NULL) == 0;
	for (int i = 0; i < 64; i++)
		pthread_setspecific(keys[i], (void *)(long)(i + 1));
	for (int i = 0; i < 64; i++)
		distinct &= pthread_getspecific(keys[i]) == (void *)(long)(i + 1);
	printf("keys %d distinct %d\n", made, distinct);
	return 0;
}
