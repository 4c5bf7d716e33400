/* <features.h>: see <sys/features.h>. */
#ifndef _FEATURES_H
#define _FEATURES_H
#include <sys/cdefs.h>
#include <sys/features.h>
#endif
