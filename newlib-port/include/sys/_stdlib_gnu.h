/* What glibc's <stdlib.h> has beyond newlib's, whose end includes this (patches/0014). */
#ifndef _SYS__STDLIB_GNU_H
#define _SYS__STDLIB_GNU_H

#if __MISC_VISIBLE
#include <alloca.h>
#include <sys/types.h>
#endif
#if __MISC_VISIBLE || __XSI_VISIBLE
#include <sys/_wait_status.h>
#endif

#if __MISC_VISIBLE
/* The state of the generators of 48 bits (glibc's layout). */
struct drand48_data {
	unsigned short __x[3];
	unsigned short __old_x[3];
	unsigned short __c;
	unsigned short __init;
	unsigned long long __a;
};

int drand48_r(struct drand48_data *__restrict __data, double *__restrict __result);
int erand48_r(unsigned short __words[3], struct drand48_data *__restrict __data, double *__restrict __result);
int lrand48_r(struct drand48_data *__restrict __data, long *__restrict __result);
int nrand48_r(unsigned short __words[3], struct drand48_data *__restrict __data, long *__restrict __result);
int mrand48_r(struct drand48_data *__restrict __data, long *__restrict __result);
int jrand48_r(unsigned short __words[3], struct drand48_data *__restrict __data, long *__restrict __result);
int srand48_r(long __seed, struct drand48_data *__data);
int seed48_r(unsigned short __words[3], struct drand48_data *__data);
int lcong48_r(unsigned short __words[7], struct drand48_data *__data);

int getloadavg(double __loads[], int __count);
int clearenv(void);
#endif

#if __MISC_VISIBLE && __POSIX_VISIBLE >= 200112
char *ecvt(double __number, int __digits, int *__restrict __point, int *__restrict __sign);
char *fcvt(double __number, int __digits, int *__restrict __point, int *__restrict __sign);
char *gcvt(double __number, int __digits, char *__buffer);
#endif

#endif
