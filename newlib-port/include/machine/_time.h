/* Included by <sys/time.h>: nothing to add. */
