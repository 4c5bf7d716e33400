/* Linux's name for it. */
#include <sys/statfs.h>
