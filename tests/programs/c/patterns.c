/* regcomp, regexec, regerror, fnmatch and glob, in bytes and in UTF-8, with GNU's extensions and Linux's numbers. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <locale.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *pattern, *text;
	int flags, when;
} expressions[] = {
	{"^.$", "\xc3\xa4", REG_EXTENDED, 0}, {"a\\+b\\?", "xaab", 0, 0}, {"a\\|b", "xb", 0, 0}, {"\\bfoo\\b", "a foo b", REG_EXTENDED, 0},
	{"\\<w", "a wx", 0, 0}, {"\\w+", "--ab_1", REG_EXTENDED, 0}, {"[]-a]", "^", 0, 0}, {"(a|ab)(c|bcd)(d*)", "abcd", REG_EXTENDED, 0},
	{"x*", "", 0, 0}, {"^b", "a\nb", REG_NEWLINE, 0}, {"A(B)?", "zab", REG_EXTENDED | REG_ICASE, 0}, {"(", "", REG_EXTENDED, 0},
	{"[a", "", 0, 0}, {"a{2,1}", "", REG_EXTENDED, 0}, {"\\(a\\)\\1", "aa", 0, 0}, {"[[:foo:]]", "a", 0, 0}, {"a\\", "a", 0, 0},
	{"*a", "*a", 0, 0}, {"b", "abb", 0, REG_STARTEND}, {"^b", "abb", 0, REG_STARTEND | REG_NOTBOL}, {"[z-a]", "b", 0, 0},
	{"[[:alpha:]]+x", "\xc3\xa4X", REG_EXTENDED | REG_ICASE, 0}, {"(a)(b)?", "ac", REG_EXTENDED, 0}, {"[^a-c]+$", "abcdef", REG_EXTENDED, 0},
	{"\\s\\S", "a b", REG_EXTENDED, 0}, {"a", "ba", REG_NOSUB, 0}, {"$", "a", 0, REG_NOTEOL},
};

static void match(int i)
{
	regex_t compiled;
	regmatch_t found[4] = {{1, (regoff_t) strlen(expressions[i].text) - 1}};
	int error = regcomp(&compiled, expressions[i].pattern, expressions[i].flags);
	printf("%s in %s: %d", expressions[i].pattern, expressions[i].text, error);
	if (error != 0) {
		char text[100];
		size_t len = regerror(error, &compiled, text, sizeof(text));
		printf(" %zu %s\n", len, text);
		return;
	}
	error = regexec(&compiled, expressions[i].text, expressions[i].flags & REG_NOSUB ? 0 : 4, found, expressions[i].when);
	printf(" %zu %d", compiled.re_nsub, error);
	for (int k = 0; error == 0 && !(expressions[i].flags & REG_NOSUB) && k < 4; ++k)
		printf(" %d-%d", (int) found[k].rm_so, (int) found[k].rm_eo);
	printf("\n");
	regfree(&compiled);
}

static void match_names(void)
{
	static const char *const names[][2] = {
		{"*.c", "a.c"}, {"[[:digit:]]x", "5x"}, {"?", "\xc3\xa4"}, {"*", "a/b"}, {"*", ".a"}, {"[!a]", "b"}, {"a\\*", "a*"},
		{"[a-c", "b"}, {"A", "a"}, {"*/b", "x/y/b"}, {"[]]", "]"}, {"", ""}, {"a", "a/b"},
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); ++i) {
		printf("%s, %s:", names[i][0], names[i][1]);
		for (int flags = 0; flags < 32; ++flags)
			printf(" %d", fnmatch(names[i][0], names[i][1], flags));
		printf("\n");
	}
}

static void find_files(void)
{
	static const char *const patterns[] = {"*.c", "*", "/nonexistent/*", "*/*.c", "nothing*", "[ab]*", ".*", "z\\[1]", "dir", "~root", "\xc3?"};
	static const int flags[] = {0, GLOB_MARK, GLOB_NOCHECK, GLOB_PERIOD, GLOB_NOESCAPE, GLOB_DOOFFS, GLOB_TILDE};
	static const char *const files[] = {"a.c", "b.c", ".h", "ab", "z[1]", "dir/x.c"};
	mkdir("dir", 0700);
	for (int i = 0; i < 6; ++i)
		close(open(files[i], O_CREAT | O_WRONLY, 0600));
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); ++i)
		for (int k = 0; k < 7; ++k) {
			glob_t found = {.gl_offs = 2};
			size_t from = flags[k] & GLOB_DOOFFS ? 2 : 0;
			int error = glob(patterns[i], flags[k], NULL, &found);
			printf("%s, %x: %d", patterns[i], flags[k], error);
			for (size_t n = 0; error == 0 && n < found.gl_pathc; ++n)
				printf(" %s", found.gl_pathv[from + n]);
			printf("\n");
			if (error == 0)
				globfree(&found);
		}
}

int main(void)
{
	for (int utf8 = 0; utf8 < 2; ++utf8) {
		setlocale(LC_ALL, utf8 ? "C.UTF-8" : "C");
		for (size_t i = 0; i < sizeof(expressions) / sizeof(*expressions); ++i)
			match((int) i);
		match_names();
	}
	find_files();
	printf("%zu %zu %zu\n", sizeof(regex_t), sizeof(regmatch_t), sizeof(glob_t));
	return 0;
}
