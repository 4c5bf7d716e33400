/* ctermid(3). */
#include <stdio.h>
#include <string.h>

#include "hermit_libc.h"

/* The controlling terminal's name is the same for every process. */
WEAK char *ctermid(char *buffer)
{
	static char own[L_ctermid];
	return strcpy(buffer != NULL ? buffer : own, "/dev/tty");
}
