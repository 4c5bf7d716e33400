//# status: 139
//# cpus: 2
//# cflags: -pthread
/* The page where a second core began (in a virtual machine, at 32 KiB) is as forbidden as the others of those addresses, once that core
 * runs. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>

static volatile const char *const start_page = (volatile const char *)0x8000; /* AP_START in abi/src/layout.rs */

static void *run(void *argument)
{
	return argument;
}

int main(void)
{
	pthread_t thread;
	pthread_attr_t attributes;
	cpu_set_t second;
	CPU_ZERO(&second);
	CPU_SET(1, &second);
	pthread_attr_init(&attributes);
	pthread_attr_setaffinity_np(&attributes, sizeof second, &second);
	if (pthread_create(&thread, &attributes, run, NULL) == 0)
		pthread_join(thread, NULL);
	puts("a second core has run");
	fflush(stdout);
	return *start_page;
}
