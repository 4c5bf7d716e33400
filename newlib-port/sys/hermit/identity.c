/* Who and where the program is. An isle has one process, the proxy's; users do not exist inside it, so the program is
 * root of its own world. */
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "hermit_libc.h"

WEAK pid_t getpid(void)
{
	return sys_getpid();
}

/* Like the first process of a Linux container: its parent is not visible. */
WEAK pid_t getppid(void)
{
	return 0;
}

WEAK pid_t getpgrp(void)
{
	return sys_getpid();
}

WEAK pid_t getpgid(pid_t pid)
{
	return (pid_t) to_c(pid == 0 || pid == sys_getpid() ? sys_getpid() : -ESRCH);
}

pid_t getsid(pid_t pid) ALIAS(getpgid);

WEAK pid_t gettid(void)
{
	return sys_gettid();
}

WEAK uid_t getuid(void)
{
	return 0;
}

uid_t geteuid(void) ALIAS(getuid);
gid_t getgid(void) ALIAS(getuid);
gid_t getegid(void) ALIAS(getuid);

WEAK int issetugid(void)
{
	return 0;
}

WEAK int getgroups(int size, gid_t list[])
{
	(void) size;
	(void) list;
	return 0;
}

WEAK int getlogin_r(char *name, size_t size)
{
	if (size < sizeof("root"))
		return ERANGE;
	memcpy(name, "root", sizeof("root"));
	return 0;
}

WEAK char *getlogin(void)
{
	static char name[] = "root";
	return name;
}

WEAK int uname(struct utsname *name)
{
	return (int) to_c(sys_uname(name));
}

static int copy_field(const char *field, char *name, size_t len)
{
	size_t field_len = strlen(field);
	if (field_len >= len) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, field, field_len + 1);
	return 0;
}

WEAK int gethostname(char *name, size_t len)
{
	struct utsname system;
	return to_c(sys_uname(&system)) < 0 ? -1 : copy_field(system.nodename, name, len);
}

WEAK int getdomainname(char *name, size_t len)
{
	struct utsname system;
	return to_c(sys_uname(&system)) < 0 ? -1 : copy_field(system.domainname, name, len);
}

/* A number made of the host's name, as glibc does without /etc/hostid. */
WEAK long gethostid(void)
{
	struct utsname system;
	unsigned hash = 5381;
	if (sys_uname(&system) == 0)
		for (const char *c = system.nodename; *c != '\0'; ++c)
			hash = hash * 33 + (unsigned char) *c;
	return (int) hash;
}

