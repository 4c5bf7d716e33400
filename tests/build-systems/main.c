/* Uses a library, threads and the math library, as most of what is built does. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>

int value(void);

static void *print(void *argument)
{
    printf("value %d, root %.0f\n", value(), sqrt(*(double *)argument));
    return NULL;
}

int main(void)
{
    double number = 1764;
    pthread_t thread;
    if (pthread_create(&thread, NULL, print, &number) != 0)
        return 1;
    return pthread_join(thread, NULL);
}
