/* <nl_types.h> for libomp alone: it looks for translations of its messages, and there are none. */
#ifndef HERMIT_OPENMP_NL_TYPES_H
#define HERMIT_OPENMP_NL_TYPES_H

#include <errno.h>

#define NL_CAT_LOCALE 1

typedef void *nl_catd;

static inline nl_catd catopen(const char *name, int flags) {
  (void)name;
  (void)flags;
  errno = ENOENT;
  return (nl_catd)-1L;
}

static inline char *catgets(nl_catd catalogue, int set, int number, const char *message) {
  (void)catalogue;
  (void)set;
  (void)number;
  return (char *)message;
}

static inline int catclose(nl_catd catalogue) {
  (void)catalogue;
  return 0;
}

#endif
