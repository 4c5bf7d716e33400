/* The directive `error` with severity(warning) and severity(fatal), at run time, as gcc 12 compiles it (libgomp_g.h).
   Without a text it is NULL; a text without a known length has the length (size_t)-1. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(const char *what, const char *text, size_t length) {
  if (text != NULL && length == (size_t)-1)
    length = strlen(text);
  fprintf(stderr, "\nlibgomp: %s directive encountered%s%.*s\n", what, text == NULL ? "" : ": ",
          text == NULL ? 0 : (int)length, text == NULL ? "" : text);
}

void GOMP_warning(const char *text, size_t length) { say("error", text, length); }

void GOMP_error(const char *text, size_t length) {
  say("fatal error: error", text, length);
  exit(EXIT_FAILURE);
}
