/* An error on its way up: core/ fills one in and returns -1, only applets
 * print it and exit.  The text is lower case, the cause first, values in
 * quotes, no newline: "bad port '70000': must be 1 to 65535". */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum { STATUS_FAILED = 1, STATUS_USAGE = 2 };

struct err {
	int status;     /* what the applet exits with, STATUS_* */
	int line, col;  /* where in the file or text, from 1; 0: unknown */
	int word;       /* of the command line, from 0; -1: unknown */
	char text[512]; /* cut at the end when longer */
};

/* Each sets *e whole and returns -1, so `return err_set(e, ...)` reads well. */
int err_set(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same with STATUS_USAGE: the command line is wrong. */
int err_usage(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same with ": " and strerror(errno) behind. */
int err_sys(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Puts "PATH:LINE:COL: " before the text that is there. */
int err_place(struct err *e, const char *path, int line, int col);

#endif
