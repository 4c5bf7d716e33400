/* Users and groups of the host: its /etc/passwd and /etc/group, read line by line. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hermit_libc.h"

#define LINE_BYTES 4096
#define MEMBERS    64

/* Cuts a line at the colons. Returns how many fields it has. */
static int split(char *line, char *fields[], int most)
{
	int count = 0;
	line[strcspn(line, "\n")] = '\0';
	while (count < most && line != NULL)
		fields[count++] = strsep(&line, ":");
	return count;
}

/* Reads lines of `path` into buffer until one has `wanted` in field `column`. Returns 0, ENOENT (none), or an error. */
static int find(const char *path, int columns, int column, const char *wanted, char *buffer, size_t len, char *fields[])
{
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return errno;
	int result = ENOENT;
	while (result == ENOENT && fgets(buffer, (int) len, file) != NULL) {
		if (strchr(buffer, '\n') == NULL && !feof(file))
			result = ERANGE;
		else if (split(buffer, fields, columns) == columns && strcmp(fields[column], wanted) == 0)
			result = 0;
	}
	fclose(file);
	return result;
}

/* POSIX: nobody of that name is no error. */
static int answer(int error)
{
	return error == ENOENT ? 0 : error;
}

static int user(int column, const char *wanted, struct passwd *entry, char *buffer, size_t len, struct passwd **result)
{
	char *f[7];
	int error = find("/etc/passwd", 7, column, wanted, buffer, len, f);
	*result = error == 0 ? entry : NULL;
	if (error != 0)
		return answer(error);
	memset(entry, 0, sizeof(*entry));
	entry->pw_name = f[0];
	entry->pw_passwd = f[1];
	entry->pw_uid = (uid_t) strtoul(f[2], NULL, 10);
	entry->pw_gid = (gid_t) strtoul(f[3], NULL, 10);
	entry->pw_gecos = f[4];
	entry->pw_dir = f[5];
	entry->pw_shell = f[6];
	return 0;
}

/* The array of members lies behind the line in the buffer. */
static int group(int column, const char *wanted, struct group *entry, char *buffer, size_t len, struct group **result)
{
	char *f[4];
	size_t table = MEMBERS * sizeof(char *);
	*result = NULL;
	if (len <= table + sizeof(char *))
		return ERANGE;
	char **members = (char **) (void *) (((size_t) buffer + len - table) & ~(sizeof(char *) - 1));
	int error = find("/etc/group", 4, column, wanted, buffer, (size_t) ((char *) members - buffer), f);
	if (error != 0)
		return answer(error);
	int count = 0;
	for (char *name; (name = strsep(&f[3], ",")) != NULL;) {
		if (count + 1 >= MEMBERS - 1)
			return ERANGE;
		if (*name != '\0')
			members[count++] = name;
	}
	members[count] = NULL;
	*entry = (struct group){.gr_name = f[0], .gr_passwd = f[1], .gr_gid = (gid_t) strtoul(f[2], NULL, 10), .gr_mem = members};
	*result = entry;
	return 0;
}

static const char *digits_of(unsigned id, char text[12])
{
	snprintf(text, 12, "%u", id);
	return text;
}

WEAK int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t len, struct passwd **result)
{
	return user(0, name, entry, buffer, len, result);
}

WEAK int getpwuid_r(uid_t id, struct passwd *entry, char *buffer, size_t len, struct passwd **result)
{
	char text[12];
	return user(2, digits_of(id, text), entry, buffer, len, result);
}

WEAK int getgrnam_r(const char *name, struct group *entry, char *buffer, size_t len, struct group **result)
{
	return group(0, name, entry, buffer, len, result);
}

WEAK int getgrgid_r(gid_t id, struct group *entry, char *buffer, size_t len, struct group **result)
{
	char text[12];
	return group(2, digits_of(id, text), entry, buffer, len, result);
}

static char line[LINE_BYTES + MEMBERS * sizeof(char *)];

WEAK struct passwd *getpwnam(const char *name)
{
	static struct passwd entry;
	struct passwd *result;
	errno = user(0, name, &entry, line, sizeof(line), &result);
	return result;
}

WEAK struct passwd *getpwuid(uid_t id)
{
	static struct passwd entry;
	struct passwd *result;
	char text[12];
	errno = user(2, digits_of(id, text), &entry, line, sizeof(line), &result);
	return result;
}

WEAK struct group *getgrnam(const char *name)
{
	static struct group entry;
	struct group *result;
	errno = group(0, name, &entry, line, sizeof(line), &result);
	return result;
}

WEAK struct group *getgrgid(gid_t id)
{
	static struct group entry;
	struct group *result;
	char text[12];
	errno = group(2, digits_of(id, text), &entry, line, sizeof(line), &result);
	return result;
}
