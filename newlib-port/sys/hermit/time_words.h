/* Words and shapes of dates in the C locale, the only one there is: for asctime, strftime and strptime. */
#ifndef TIME_WORDS_H
#define TIME_WORDS_H

/* From Sunday, and from January. */
extern const char __hermit_days[7][10];
extern const char __hermit_months[12][10];

/* The conversions for which the one with this letter stands; NULL: it stands for itself. */
extern const char *__hermit_time_parts(char letter);

#endif
