/* syslog(3): lines on standard error, as LOG_PERROR makes them, whether it is asked for or not: there is no other place. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "hermit_libc.h"

extern char *program_invocation_short_name;

static const char *name;
static int options, mask = 0xff;

WEAK void openlog(const char *ident, int wanted, int facility)
{
	(void) facility;
	name = ident;
	options = wanted;
}

WEAK void closelog(void)
{
	name = NULL;
	options = 0;
}

/* 0 leaves the mask as it is: POSIX. */
WEAK int setlogmask(int wanted)
{
	int before = mask;
	if (wanted != 0)
		mask = wanted;
	return before;
}

/* `%m` is the text of errno, as nowhere else. Returns the format with it in place. */
static const char *with_error(const char *format, int error, char *buffer, size_t size)
{
	size_t len = 0;
	while (*format != '\0' && len + 2 < size) {
		if (format[0] == '%' && format[1] == 'm') {
			for (const char *text = strerror(error); *text != '\0' && len + 2 < size; ++text) {
				if (*text == '%')
					buffer[len++] = '%';
				buffer[len++] = *text;
			}
			format += 2;
			continue;
		}
		if (format[0] == '%' && format[1] == '%')
			buffer[len++] = *format++;
		buffer[len++] = *format++;
	}
	buffer[len] = '\0';
	return buffer;
}

WEAK void vsyslog(int priority, const char *format, va_list arguments)
{
	char whole[1024], line[1024];
	int error = errno;
	if (!(mask & LOG_MASK(LOG_PRI(priority))))
		return;
	const char *ident = name != NULL ? name : program_invocation_short_name;
	vsnprintf(line, sizeof(line), with_error(format, error, whole, sizeof(whole)), arguments);
	size_t len = strlen(line);
	const char *end = len > 0 && line[len - 1] == '\n' ? "" : "\n";
	if (options & LOG_PID)
		fprintf(stderr, "%s[%d]: %s%s", ident, sys_getpid(), line, end);
	else
		fprintf(stderr, "%s: %s%s", ident, line, end);
	errno = error;
}

WEAK void syslog(int priority, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsyslog(priority, format, arguments);
	va_end(arguments);
}
