/* In the place of musl's <syscall.h>: the one call that its resolver makes by number. */
#ifndef HERMIT_SYSCALL_H
#define HERMIT_SYSCALL_H

#include <unistd.h>

#define SYS_close            0
#define __syscall(number, fd) close((int) (fd))

#endif
