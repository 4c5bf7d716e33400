//# cpus: 1 2
//# cflags: -pthread
//# libs: -lm
/* Rounding, precision and masks of x87 and SSE are each thread's own, whether it gives its core away, sleeps, waits or is preempted; a new
 * thread begins with its creator's; a handler does not see what the interrupted code has set, and leaves it as it was. */
#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 50, X87_USUAL = 0x037f, MXCSR_USUAL = 0x1f80 };

struct state {
	unsigned short x87;
	unsigned mxcsr;
};

static struct state get(void)
{
	struct state state;
	__asm__ volatile("fnstcw %0; stmxcsr %1" : "=m"(state.x87), "=m"(state.mxcsr));
	state.mxcsr &= ~0x3fu; /* the sticky flags */
	return state;
}

static void set(struct state state)
{
	__asm__ volatile("fldcw %0; ldmxcsr %1" : : "m"(state.x87), "m"(state.mxcsr));
}

static int is(struct state wanted)
{
	struct state now = get();
	return now.x87 == wanted.x87 && now.mxcsr == wanted.mxcsr;
}

/* Each thread's own: the way to round, and x87's precision (24, 53, 64 bits). */
static struct state own(int id)
{
	static const unsigned short precision[] = { 0x0000, 0x0200, 0x0300 };
	unsigned rounding = (unsigned)id % 4;
	return (struct state) { (unsigned short)(0x007f | precision[id % 3] | rounding << 10), 0x1f80 | rounding << 13 };
}

static atomic_int up, faults[3];
static sem_t turn[THREADS];

static void *work(void *argument)
{
	int id = (int)(long)argument;
	set(own(id));
	atomic_fetch_add(&up, 1);
	while (atomic_load(&up) < THREADS)
		sched_yield();
	for (int i = 0; i < ROUNDS; i++) {
		sched_yield();
		atomic_fetch_add(&faults[0], !is(own(id)));
		sem_wait(&turn[id]);
		atomic_fetch_add(&faults[1], !is(own(id)));
		sem_post(&turn[(id + 1) % THREADS]);
		if (i % 10 == 0)
			usleep(500);
		atomic_fetch_add(&faults[2], !is(own(id)));
	}
	return argument;
}

static void each_its_own(void)
{
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		sem_init(&turn[i], 0, i == 0);
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("faults: yielding %d, waiting %d, sleeping %d\n", faults[0], faults[1], faults[2]);
}

static atomic_int stop;
static volatile int seen;

static void *compute(void *argument)
{
	struct state mine = own(1);
	long wrong = 0;
	(void)argument;
	set(mine);
	while (!atomic_load(&stop))
		wrong += !is(mine);
	return (void *)wrong;
}

/* Two that compute, one of them perhaps on this core, are preempted by each other. */
static void preempted(void)
{
	pthread_t threads[3];
	long wrong = 0, sum = 0;
	struct state mine = own(2);
	stop = 0;
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, compute, NULL);
	set(mine);
	for (int i = 0; i < 30; i++) {
		usleep(1000);
		wrong += !is(mine);
		for (volatile int k = 0; k < 100000; k++)
			;
		wrong += !is(mine);
	}
	stop = 1;
	for (int i = 0; i < 3; i++) {
		void *result;
		pthread_join(threads[i], &result);
		sum += (long)result;
	}
	wrong += !is(mine);
	set((struct state) { X87_USUAL, MXCSR_USUAL });
	printf("preempted: faults %ld %ld\n", wrong, sum);
}

static void *tell(void *argument)
{
	struct state state = get();
	printf("%s begins with x87 %#x, mxcsr %#x\n", (char *)argument, state.x87, state.mxcsr);
	set(own(3));
	return argument;
}

static void inherited(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, tell, "a thread");
	pthread_join(thread, NULL);
	printf("the creator keeps its own: %d\n", is((struct state) { X87_USUAL, MXCSR_USUAL }));
	pthread_create(&thread, NULL, tell, "the next one");
	pthread_join(thread, NULL);
	fesetround(FE_UPWARD);
	pthread_create(&thread, NULL, tell, "a thread of one that rounds up");
	pthread_join(thread, NULL);
	printf("the creator still rounds up: %d\n", fegetround() == FE_UPWARD);
	fesetround(FE_TONEAREST);
}

static void handle(int signal)
{
	(void)signal;
	struct state state = get();
	seen = state.x87 == X87_USUAL && state.mxcsr == MXCSR_USUAL;
	set(own(3));
	feraiseexcept(FE_DIVBYZERO);
}

static void in_handlers(void)
{
	struct state mine = own(1);
	signal(SIGUSR1, handle);
	feclearexcept(FE_ALL_EXCEPT);
	set(mine);
	raise(SIGUSR1);
	int kept = is(mine), flags = fetestexcept(FE_ALL_EXCEPT);
	set((struct state) { X87_USUAL, MXCSR_USUAL });
	printf("in a handler: as usual %d, afterwards as before %d, flags %d\n", seen, kept, flags);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0); /* what hangs or crashes is told by what is missing */
	each_its_own();
	preempted();
	inherited();
	in_handlers();
	return 0;
}
