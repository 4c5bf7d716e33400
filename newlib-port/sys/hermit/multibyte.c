/* mbstowcs with a short way for ASCII, which every character set here has in it. Replaces newlib's, which converts each character by
 * a call. */
#include <stdlib.h>
#include <wchar.h>

#include "hermit_libc.h"

/* A byte that is a character by itself in the initial state: ASCII, but for the escape that shifts in JIS. */
static int is_plain(char byte)
{
	return byte > 0 && byte != '\033';
}

/* How many plain bytes there are; they go to `target`, unless it is NULL, and are no more than `most` then. */
static size_t copy_plain(wchar_t *target, const char *text, size_t most)
{
	size_t count = 0;
	if (target == NULL)
		while (is_plain(text[count]))
			++count;
	else
		for (; count < most && is_plain(text[count]); ++count)
			target[count] = (unsigned char) text[count];
	return count;
}

/* `target` NULL: only counts. */
WEAK size_t mbstowcs(wchar_t *restrict target, const char *restrict text, size_t most)
{
	mbstate_t state = {0};
	size_t count = 0;
	while (target == NULL || count < most) {
		wchar_t c;
		if (mbsinit(&state)) {
			size_t plain = copy_plain(target != NULL ? target + count : NULL, text, most - count);
			text += plain;
			count += plain;
			if (target != NULL && count == most)
				return count;
		}
		size_t len = mbrtowc(&c, text, MB_CUR_MAX, &state);
		if (len == (size_t) -1 || len == (size_t) -2)
			return (size_t) -1;
		text += len;
		if (target != NULL)
			target[count] = c;
		if (c == L'\0')
			return count;
		++count;
	}
	return count;
}
