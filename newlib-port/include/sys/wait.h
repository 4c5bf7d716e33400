/* <sys/wait.h>: only the macros that take a status apart; nothing here can be waited for. */
#ifndef _SYS_WAIT_H
#define _SYS_WAIT_H

#include <signal.h>
#include <sys/_wait_status.h>
#include <sys/types.h>

#endif
