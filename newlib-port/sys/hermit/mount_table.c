/* <mntent.h>: tables of mounted file systems, of the host in /proc/mounts. Blanks inside of a field are written \040. */
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hermit_libc.h"

/* Characters that stand as three octal digits behind a backslash. */
static const char special[] = " \t\n\\";

WEAK FILE *setmntent(const char *path, const char *mode)
{
	return fopen(path, mode);
}

WEAK int endmntent(FILE *file)
{
	if (file != NULL)
		fclose(file);
	return 1;
}

/* Puts the characters back that are written as numbers. */
static char *decode(char *field)
{
	char *to = field;
	for (const char *from = field; *from != '\0'; ++to) {
		int c = 0, digits = 0;
		while (*from == '\\' && digits < 3 && from[1 + digits] >= '0' && from[1 + digits] <= '7')
			c = c * 8 + from[1 + digits++] - '0';
		if (digits == 3 && c != 0 && strchr(special, c) != NULL) {
			*to = (char) c;
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
	return field;
}

/* The next field of a line; empty if there is none. */
static char *field(char **line)
{
	*line += strspn(*line, " \t");
	char *begin = *line;
	*line += strcspn(*line, " \t");
	if (**line != '\0')
		*(*line)++ = '\0';
	return decode(begin);
}

WEAK struct mntent *getmntent_r(FILE *restrict file, struct mntent *restrict entry, char *restrict buffer, int len)
{
	char *line;
	do {
		if (fgets(buffer, len, file) == NULL)
			return NULL;
		char *end = strchr(buffer, '\n');
		if (end != NULL) {
			*end = '\0';
		} else {
			/* What does not fit is lost, as in glibc. */
			for (int c = getc(file); c != EOF && c != '\n'; c = getc(file))
				;
		}
		line = buffer + strspn(buffer, " \t");
	} while (*line == '\0' || *line == '#');
	entry->mnt_fsname = field(&line);
	entry->mnt_dir = field(&line);
	entry->mnt_type = field(&line);
	entry->mnt_opts = field(&line);
	entry->mnt_freq = atoi(field(&line));
	entry->mnt_passno = atoi(field(&line));
	return entry;
}

WEAK struct mntent *getmntent(FILE *file)
{
	static struct mntent entry;
	static char buffer[4096];
	return getmntent_r(file, &entry, buffer, sizeof(buffer));
}

static void encode(FILE *file, const char *text)
{
	for (; *text != '\0'; ++text)
		if (strchr(special, *text) != NULL)
			fprintf(file, "\\%03o", *text);
		else
			putc(*text, file);
	putc(' ', file);
}

WEAK int addmntent(FILE *restrict file, const struct mntent *restrict entry)
{
	if (fseek(file, 0, SEEK_END) != 0)
		return 1;
	encode(file, entry->mnt_fsname);
	encode(file, entry->mnt_dir);
	encode(file, entry->mnt_type);
	encode(file, entry->mnt_opts);
	fprintf(file, "%d %d\n", entry->mnt_freq, entry->mnt_passno);
	return fflush(file) != 0 || ferror(file);
}

/* Where an option of this name stands in the list, alone or with a value; NULL: nowhere. */
WEAK char *hasmntopt(const struct mntent *entry, const char *option)
{
	size_t len = strlen(option);
	for (char *at = entry->mnt_opts; at != NULL && *at != '\0';) {
		if (strncmp(at, option, len) == 0 && strchr(",=", at[len]) != NULL)
			return at;
		if ((at = strchr(at, ',')) != NULL)
			++at;
	}
	return NULL;
}
