//# cpus: 1
//# cflags: -pthread
//# isles: qemu
//# mem: 1G
//# timeout-s: 240
/* The same in a virtual machine. On one core: without KVM each change of page tables that a second core must hear of takes
 * milliseconds. */
#include "threads_too_many.c"
