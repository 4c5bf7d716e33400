/* gettext(3) where no catalogue is installed: every text is its own translation, and domains are only remembered. */
#include <libintl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>

#include "hermit_libc.h"

/* A domain, with what was bound to it. They are few, and never given up: the program keeps pointers to these texts. */
struct domain {
	struct domain *next;
	char *folder, *charset;
	char name[];
};

static _LOCK_T lock;
static struct domain *domains;
static const char usual[] = "messages";
static char *current = (char *) usual;

WEAK char *dcngettext(const char *domain, const char *one, const char *many, unsigned long count, int category)
{
	(void) domain;
	(void) category;
	return (char *) (count == 1 ? one : many);
}

WEAK char *dngettext(const char *domain, const char *one, const char *many, unsigned long count)
{
	(void) domain;
	return (char *) (count == 1 ? one : many);
}

WEAK char *ngettext(const char *one, const char *many, unsigned long count)
{
	return (char *) (count == 1 ? one : many);
}

WEAK char *dcgettext(const char *domain, const char *text, int category)
{
	(void) domain;
	(void) category;
	return (char *) text;
}

WEAK char *dgettext(const char *domain, const char *text)
{
	(void) domain;
	return (char *) text;
}

WEAK char *gettext(const char *text)
{
	return (char *) text;
}

/* Finds a domain, or makes it. */
static struct domain *find(const char *name)
{
	struct domain *domain = domains;
	while (domain != NULL && strcmp(domain->name, name) != 0)
		domain = domain->next;
	if (domain == NULL && (domain = calloc(1, sizeof(*domain) + strlen(name) + 1)) != NULL) {
		strcpy(domain->name, name);
		domain->next = domains;
		domains = domain;
	}
	return domain;
}

/* NULL asks; an empty name means the usual domain. */
WEAK char *textdomain(const char *name)
{
	if (name == NULL)
		return current;
	__lock_acquire(lock);
	char *chosen = (char *) usual;
	if (*name != '\0' && strcmp(name, usual) != 0) {
		struct domain *domain = find(name);
		chosen = domain != NULL ? domain->name : NULL;
	}
	if (chosen != NULL)
		current = chosen;
	__lock_release(lock);
	return chosen;
}

/* Sets what is bound to a domain unless `value` is NULL; returns what is bound to it. */
static char *bind(const char *name, const char *value, int is_folder, const char *otherwise)
{
	if (name == NULL || *name == '\0')
		return NULL;
	__lock_acquire(lock);
	struct domain *domain = find(name);
	char **place = domain == NULL ? NULL : is_folder ? &domain->folder : &domain->charset;
	if (place != NULL && value != NULL && (*place == NULL || strcmp(*place, value) != 0))
		*place = strdup(value);
	char *bound = place != NULL && *place != NULL ? *place : (char *) otherwise;
	__lock_release(lock);
	return bound;
}

WEAK char *bindtextdomain(const char *name, const char *folder)
{
	return bind(name, folder, 1, "/usr/share/locale");
}

WEAK char *bind_textdomain_codeset(const char *name, const char *charset)
{
	return bind(name, charset, 0, NULL);
}
