/* <syscall.h>: <sys/syscall.h> by its other name. */
#include <sys/syscall.h>
