/* <dlfcn.h> for libomp alone: an isle loads nothing, so every look-up answers "not there", as POSIX has it for a name
   that is not found. Programs do not see this header: for them dlopen() is missing at link time. */
#ifndef HERMIT_OPENMP_DLFCN_H
#define HERMIT_OPENMP_DLFCN_H

#define RTLD_LAZY 1
#define RTLD_DEFAULT ((void *)0)
#define RTLD_NEXT ((void *)-1L)

static inline void *dlopen(const char *file, int mode) {
  (void)file;
  (void)mode;
  return 0;
}

static inline void *dlsym(void *library, const char *name) {
  (void)library;
  (void)name;
  return 0;
}

static inline int dlclose(void *library) {
  (void)library;
  return -1;
}

static inline char *dlerror(void) { return (char *)"an isle has no dynamic linker"; }

#endif
