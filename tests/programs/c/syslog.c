//# stderr-contains: tester: 7 %: No such file or directory
/* syslog: what an operator should read goes to standard error, as LOG_PERROR asks. */
#include <errno.h>
#include <stdio.h>
#include <syslog.h>

int main(void)
{
	openlog("tester", LOG_PERROR, LOG_USER);
	errno = ENOENT;
	syslog(LOG_ERR, "%d %%: %m", 7);
	printf("%d ", setlogmask(LOG_UPTO(LOG_ERR)));
	printf("%d\n", setlogmask(0));
	syslog(LOG_INFO, "not this");
	closelog();
	return 0;
}
