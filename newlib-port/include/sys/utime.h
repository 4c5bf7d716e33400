/* <sys/utime.h>: see <utime.h>. */
#include <utime.h>
