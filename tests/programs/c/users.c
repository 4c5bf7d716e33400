/* Users and groups are those of /etc/passwd and /etc/group; who is not there is not there, which is no error. */
#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "show.h"

static void user(const struct passwd *entry)
{
	if (entry)
		printf("%s %s %d %d %s %s\n", entry->pw_name, entry->pw_passwd, (int)entry->pw_uid, (int)entry->pw_gid, entry->pw_dir, entry->pw_shell);
	else
		printf("no such user, errno %d\n", errno);
}

static void group(const struct group *entry)
{
	if (entry)
		printf("%s %d\n", entry->gr_name, (int)entry->gr_gid);
	else
		printf("no such group, errno %d\n", errno);
}

int main(void)
{
	char buffer[4096];
	struct passwd place, *found;
	user(getpwnam("root"));
	user(getpwuid(0));
	user(getpwnam("daemon"));
	group(getgrnam("root"));
	group(getgrgid(0));
	errno = 0;
	user(getpwnam("roo"));
	errno = 0;
	user(getpwuid(4294967290u));
	errno = 0;
	group(getgrnam("nobody-has-this-name"));
	errno = 0;
	group(getgrgid(4294967290u));
	SHOW(getpwnam_r("root", &place, buffer, sizeof buffer, &found));
	SHOW(found == &place);
	user(found);
	SHOW(getpwnam_r("nobody-has-this-name", &place, buffer, sizeof buffer, &found));
	SHOW(found == NULL);
	SHOW(getpwnam_r("root", &place, buffer, 3, &found) == ERANGE);
	return 0;
}
