/* Two threads that compute until a debugger tells them to end. Status 3. */
#include <pthread.h>

static volatile int over;
static volatile long turns;

static void spin(void)
{
	while (!over)
		++turns;
}

static void *work(void *argument)
{
	spin();
	return argument;
}

static void compute(void)
{
	while (!over)
		;
}

int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, work, NULL);
	while (!turns)
		;
	compute();
	pthread_join(thread, NULL);
	return 3;
}
