//# compare: none
//# isles: process
//# cpus: 1
//# cflags: -pthread
//# args: 1000000
//# stdout: 1000000 preemptions, 0 faults\n
//# timeout-s: 900
/* See there: at native speed there is time for more. */
#include "registers_preempted.c"
