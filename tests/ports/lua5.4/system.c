/* system(3) for a machine without command processor (ISO C 7.22.4.8): lua's os.execute then says that there is none. Our C
 * library leaves the function out, so that configure scripts see the truth; Lua has no configure script, but MYOBJS. */
#include <stddef.h>

int system(const char *command)
{
	return command == NULL ? 0 : -1;
}
