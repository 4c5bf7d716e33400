/* <sys/syslog.h>: see <syslog.h>. */
#include <syslog.h>
