//# compare: none
//# stdout: root is there 1, twice 1, groups 1, of root 1, no room 1\n
/* getpwent, getgrent, getgrouplist. There is no native run: see users.c. */
#define _GNU_SOURCE
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

static int count_users(int *has_root)
{
	int count = 0;
	for (struct passwd *user; (user = getpwent()) != NULL; ++count)
		*has_root |= strcmp(user->pw_name, "root") == 0 && user->pw_uid == 0;
	endpwent();
	return count;
}

int main(void)
{
	int has_root = 0, groups = 0, room = 100, none = 0;
	gid_t list[100];
	int users = count_users(&has_root);
	printf("root is there %d, twice %d, ", has_root, users > 0 && users == count_users(&has_root));
	while (getgrent() != NULL)
		++groups;
	endgrent();
	printf("groups %d, ", groups > 0);
	int of_root = getgrouplist("root", 0, list, &room);
	printf("of root %d, ", of_root >= 1 && of_root == room && list[0] == 0);
	printf("no room %d\n", getgrouplist("root", 0, list, &none) == -1 && none == of_root);
	return 0;
}
