//# compare: none
//# stdout: @golden
/* Users and groups are those of /etc/passwd and /etc/group; who is not there is not there, which is no error. There is no native run: glibc
 * looks them up in shared libraries, which a static program should not load. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "show.h"

/* The line of root in a file of that name, as far as it has `parts` parts, each of which is read by strsep. */
static int read_root(const char *name, char *line, size_t len, char **part, int parts)
{
	FILE *file = fopen(name, "r");
	int found = 0;

	while (file && !found && fgets(line, (int)len, file))
		found = !strncmp(line, "root:", 5);
	if (file)
		fclose(file);
	line[strcspn(line, "\n")] = 0;
	for (int i = 0; found && i < parts; i++)
		found = (part[i] = strsep(&line, ":")) != NULL;
	return found;
}

static int is_root(const struct passwd *entry)
{
	char line[1024], *part[7];

	return entry && read_root("/etc/passwd", line, sizeof line, part, 7) && !strcmp(entry->pw_name, "root") &&
	       !strcmp(entry->pw_passwd, part[1]) && entry->pw_uid == strtoul(part[2], NULL, 10) &&
	       entry->pw_gid == strtoul(part[3], NULL, 10) && !strcmp(entry->pw_dir, part[5]) && !strcmp(entry->pw_shell, part[6]);
}

static int is_group_root(const struct group *entry)
{
	char line[1024], *part[3];

	return entry && read_root("/etc/group", line, sizeof line, part, 3) && !strcmp(entry->gr_name, "root") &&
	       entry->gr_gid == strtoul(part[2], NULL, 10);
}

/* Nobody, and no error. */
#define NOBODY(call) (errno = 0, (call) == NULL && errno == 0)

int main(void)
{
	char buffer[4096];
	struct passwd place, *found = NULL;

	SHOW(is_root(getpwnam("root")));
	SHOW(is_root(getpwuid(0)));
	SHOW(is_group_root(getgrnam("root")));
	SHOW(is_group_root(getgrgid(0)));
	SHOW(NOBODY(getpwnam("roo")));
	SHOW(NOBODY(getpwuid(4294967290u)));
	SHOW(NOBODY(getgrnam("nobody-has-this-name")));
	SHOW(NOBODY(getgrgid(4294967290u)));
	SHOW(getpwnam_r("root", &place, buffer, sizeof buffer, &found));
	SHOW(found == &place && is_root(found));
	SHOW(getpwnam_r("nobody-has-this-name", &place, buffer, sizeof buffer, &found));
	SHOW(found == NULL);
	SHOW(getpwnam_r("root", &place, buffer, 3, &found) == ERANGE);
	return 0;
}
