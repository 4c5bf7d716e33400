/* <sys/param.h>: limits and small macros. */
#ifndef _SYS_PARAM_H
#define _SYS_PARAM_H

#include <endian.h>
#include <limits.h>
#include <signal.h>
#include <sys/types.h>

#define NBBY       8
#define NOFILE     256
#define NCARGS     131072
#define MAXPATHLEN PATH_MAX
#define MAXSYMLINKS SYMLOOP_MAX
#define MAXHOSTNAMELEN 64
#define DEV_BSIZE  512
#ifndef HZ
#define HZ 100
#endif

#ifndef MIN
#define MIN(a, b) (((a) < (b)) ? (a) : (b))
#define MAX(a, b) (((a) > (b)) ? (a) : (b))
#endif
#define howmany(x, y)  (((x) + ((y) - 1)) / (y))
#define roundup(x, y)  ((((x) + ((y) - 1)) / (y)) * (y))
#define powerof2(x)    ((((x) - 1) & (x)) == 0)
#define setbit(a, i)   ((a)[(i) / NBBY] |= 1 << ((i) % NBBY))
#define clrbit(a, i)   ((a)[(i) / NBBY] &= ~(1 << ((i) % NBBY)))
#define isset(a, i)    ((a)[(i) / NBBY] & (1 << ((i) % NBBY)))
#define isclr(a, i)    (((a)[(i) / NBBY] & (1 << ((i) % NBBY))) == 0)

#endif
