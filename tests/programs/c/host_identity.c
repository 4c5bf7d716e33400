/* getpid, uname, sysconf, isatty say something sensible; uname says who we are only where we are not Linux. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

int main(void)
{
	struct utsname name;
	printf("pid %d, page %ld, cpus %d\n", getpid() > 0, sysconf(_SC_PAGESIZE), sysconf(_SC_NPROCESSORS_ONLN) >= 1);
	int result = uname(&name);
	printf("uname %d %s %d\n", result, name.machine, name.sysname[0] != 0);
	printf("tty %d %d\n", isatty(0), isatty(1));
	printf("clk %d\n", sysconf(_SC_CLK_TCK) > 0);
	return 0;
}
