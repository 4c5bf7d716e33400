/* regexec with the BSDs' REG_STARTEND, and regerror with glibc's texts, on top of musl's regcomp and regexec. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "hermit_libc.h"

/* musl's regexec. */
extern int __hermit_regexec(const regex_t *pattern, const char *text, size_t count, regmatch_t matches[], int flags);

/* musl wants a zero behind the text, so a part of one is copied. */
static int match_part(const regex_t *pattern, const char *text, size_t count, regmatch_t matches[], int flags)
{
	regoff_t from = matches[0].rm_so;
	size_t len = (size_t) (matches[0].rm_eo - from);
	char *part = malloc(len + 1);
	if (part == NULL)
		return REG_ESPACE;
	memcpy(part, text + from, len);
	part[len] = '\0';
	int result = __hermit_regexec(pattern, part, count, matches, flags);
	free(part);
	for (size_t i = 0; result == 0 && i < count; ++i)
		if (matches[i].rm_so >= 0) {
			matches[i].rm_so += from;
			matches[i].rm_eo += from;
		}
	return result;
}

WEAK int regexec(const regex_t *restrict pattern, const char *restrict text, size_t count, regmatch_t matches[restrict], int flags)
{
	int rest = flags & ~REG_STARTEND;
	if (flags & REG_STARTEND)
		return match_part(pattern, text, count, matches, rest);
	return __hermit_regexec(pattern, text, count, matches, rest);
}

WEAK size_t regerror(int error, const regex_t *restrict pattern, char *restrict buffer, size_t size)
{
	static const char *const texts[] = {
		"Success",
		"No match",
		"Invalid regular expression",
		"Invalid collation character",
		"Invalid character class name",
		"Trailing backslash",
		"Invalid back reference",
		"Unmatched [, [^, [:, [., or [=",
		"Unmatched ( or \\(",
		"Unmatched \\{",
		"Invalid content of \\{\\}",
		"Invalid range end",
		"Memory exhausted",
		"Invalid preceding regular expression",
		"Premature end of regular expression",
		"Regular expression too big",
		"Unmatched ) or \\)",
	};
	(void) pattern;
	const char *text = error >= 0 && (size_t) error < sizeof(texts) / sizeof(*texts) ? texts[error] : "Unknown error";
	size_t len = strlen(text) + 1;
	if (size > 0) {
		size_t copied = len < size ? len : size;
		memcpy(buffer, text, copied);
		buffer[copied - 1] = '\0';
	}
	return len;
}
