//# cpus: 1 2
//# cflags: -pthread
/* uselocale changes the locale of its thread, and of no other; setlocale changes it for those that have none of their own. */
#include <locale.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "show.h"

enum { ROUNDS = 200 };

static const char text[] = "\xc3\xa9\xe2\x82\xac"; /* e with acute, euro sign */
static locale_t utf8;
static atomic_int started;

/* How many bytes the first character has: 2 in UTF-8; glibc's C locale and ours differ in whether a byte above 127 is one. */
static int is_utf8(void)
{
	mbstate_t state = { 0 };
	wchar_t character = 0;
	return MB_CUR_MAX > 1 && mbrtowc(&character, text, sizeof text - 1, &state) == 2 && character == 0xe9;
}

static void show(void)
{
	locale_t now = uselocale((locale_t)0);
	printf("global %d, ours %d, UTF-8 %d\n", now == LC_GLOBAL_LOCALE, now == utf8, is_utf8());
}

static void *look(void *argument)
{
	show();
	return argument;
}

static void *use(void *argument)
{
	show();
	SHOW(uselocale(utf8) == LC_GLOBAL_LOCALE);
	show();
	char bytes[8] = "";
	mbstate_t state = { 0 };
	SHOW(wcrtomb(bytes, 0x20ac, &state));
	SHOW(strcmp(bytes, text + 2));
	SHOW(iswupper(0xc9) != 0);
	SHOW(towlower(0xc9) == 0xe9);
	SHOW(uselocale(LC_GLOBAL_LOCALE) == utf8);
	show();
	uselocale(utf8);
	return argument;
}

static void run(void *(*function)(void *))
{
	pthread_t thread;
	pthread_create(&thread, NULL, function, NULL);
	pthread_join(thread, NULL);
}

/* Two at a time, one with its own and one without. */
static void *alternate(void *mine)
{
	long wrong = 0;
	if (mine)
		uselocale(mine);
	atomic_fetch_add(&started, 1);
	while (atomic_load(&started) < 2)
		sched_yield();
	for (int i = 0; i < ROUNDS; i++) {
		wrong += is_utf8() != (mine != NULL);
		sched_yield();
	}
	return (void *)wrong;
}

static void at_once(void)
{
	pthread_t threads[2];
	long wrong = 0;
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, alternate, i ? utf8 : NULL);
	for (int i = 0; i < 2; i++) {
		void *result;
		pthread_join(threads[i], &result);
		wrong += (long)result;
	}
	printf("wrong: %ld\n", wrong);
}

int main(void)
{
	utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
	locale_t copy = duplocale(utf8), c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	SHOW(utf8 != (locale_t)0 && copy != (locale_t)0 && c != (locale_t)0);
	SHOW(newlocale(LC_CTYPE_MASK, "xx_YY.nonsense", (locale_t)0) == (locale_t)0);
	show();
	run(use);
	run(look);
	show();
	at_once();
	SHOW(setlocale(LC_ALL, "C.UTF-8") != NULL);
	run(look);
	SHOW(uselocale(c) == LC_GLOBAL_LOCALE);
	SHOW(is_utf8()); /* its own counts */
	SHOW(uselocale(copy) == c);
	SHOW(is_utf8());
	SHOW(uselocale(LC_GLOBAL_LOCALE) == copy);
	SHOW(setlocale(LC_ALL, "C") != NULL);
	show();
	freelocale(copy);
	freelocale(c);
	return 0;
}
