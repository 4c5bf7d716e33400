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

/* Fields of a line of /etc/passwd. */
static void user_of(char *f[7], struct passwd *entry)
{
	memset(entry, 0, sizeof(*entry));
	entry->pw_name = f[0];
	entry->pw_passwd = f[1];
	entry->pw_uid = (uid_t) strtoul(f[2], NULL, 10);
	entry->pw_gid = (gid_t) strtoul(f[3], NULL, 10);
	entry->pw_gecos = f[4];
	entry->pw_dir = f[5];
	entry->pw_shell = f[6];
}

static int user(int column, const char *wanted, struct passwd *entry, char *buffer, size_t len, struct passwd **result)
{
	char *f[7];
	int error = find("/etc/passwd", 7, column, wanted, buffer, len, f);
	*result = error == 0 ? entry : NULL;
	if (error == 0)
		user_of(f, entry);
	return answer(error);
}

/* Fields of a line of /etc/group. Returns 0 or ERANGE. */
static int group_of(char *f[4], char *members[], struct group *entry)
{
	int count = 0;
	for (char *name; (name = strsep(&f[3], ",")) != NULL;) {
		if (count + 1 >= MEMBERS - 1)
			return ERANGE;
		if (*name != '\0')
			members[count++] = name;
	}
	members[count] = NULL;
	*entry = (struct group){.gr_name = f[0], .gr_passwd = f[1], .gr_gid = (gid_t) strtoul(f[2], NULL, 10), .gr_mem = members};
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
	error = group_of(f, members, entry);
	*result = error == 0 ? entry : NULL;
	return error;
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

/* Files that getpwent and getgrent are in the midst of. */
static FILE *all_users, *all_groups;

/* The next line with so many fields; NULL at the end. */
static int next(FILE **file, const char *path, char *buffer, int len, char *fields[], int columns)
{
	if (*file == NULL)
		*file = fopen(path, "re");
	while (*file != NULL && fgets(buffer, len, *file) != NULL)
		if (split(buffer, fields, columns) == columns)
			return 1;
	return 0;
}

static void rewind_all(FILE **file)
{
	if (*file != NULL)
		fclose(*file);
	*file = NULL;
}

WEAK struct passwd *getpwent(void)
{
	static struct passwd entry;
	static char buffer[LINE_BYTES];
	char *f[7];
	if (!next(&all_users, "/etc/passwd", buffer, sizeof(buffer), f, 7))
		return NULL;
	user_of(f, &entry);
	return &entry;
}

WEAK void setpwent(void)
{
	rewind_all(&all_users);
}

void endpwent(void) ALIAS(setpwent);

WEAK struct group *getgrent(void)
{
	static struct group entry;
	static char buffer[LINE_BYTES];
	static char *members[MEMBERS];
	char *f[4];
	if (!next(&all_groups, "/etc/group", buffer, sizeof(buffer), f, 4))
		return NULL;
	return group_of(f, members, &entry) == 0 ? &entry : NULL;
}

WEAK void setgrent(void)
{
	rewind_all(&all_groups);
}

void endgrent(void) ALIAS(setgrent);

/* The groups of a user, `group` first. Returns their number, or -1 if there is no room for all; *count is it in any case. */
WEAK int getgrouplist(const char *name, gid_t group, gid_t *groups, int *count)
{
	char buffer[LINE_BYTES], *f[4], *members[MEMBERS];
	struct group entry;
	FILE *file = NULL;
	int found = 0, room = *count;
	if (found++ < room)
		groups[0] = group;
	while (next(&file, "/etc/group", buffer, sizeof(buffer), f, 4)) {
		if (group_of(f, members, &entry) != 0 || entry.gr_gid == group)
			continue;
		for (char **member = members; *member != NULL; ++member)
			if (strcmp(*member, name) == 0) {
				if (found++ < room)
					groups[found - 1] = entry.gr_gid;
				break;
			}
	}
	rewind_all(&file);
	*count = found;
	return found <= room ? found : -1;
}
