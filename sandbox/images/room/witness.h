/* Preloaded into the witness alone, never into the payload. Its three parts make watching cheaper: witness_filter.c
   lets calls pass that tell nothing, witness_lines.c gathers what is written, witness_stops.c spares stops and
   look-ups. Compiled without headers of the system, so that the image needs none; here is what they share. */

typedef unsigned long size_t;
extern void *dlsym(void *handle, const char *name);
extern int *__errno_location(void);
extern void *malloc(size_t size);
extern int access(const char *path, int mode);
extern int close(int fd);
extern int snprintf(char *out, size_t size, const char *format, ...);
extern int strcmp(const char *a, const char *b);
extern int strncmp(const char *a, const char *b, size_t size);
extern long readlinkat(int folder, const char *path, char *out, size_t size);
extern long syscall(long number, ...);
extern char *strstr(const char *text, const char *part);
extern size_t strlen(const char *text);
extern void *memchr(const void *from, int what, size_t size);
extern void *memcpy(void *to, const void *from, size_t size);

#define NEXT ((void *)-1L)
#ifdef __aarch64__
#define NATIVE 0xc00000b7u
#define NEWFSTATAT 79
#define STATX 291
#define OPENAT 56
#define FACCESSAT 48
#define CLONE 220
#define MMAP 222
#define SHMAT 196
/* What this machine's kernel never had. */
#define OPEN -2
#define STAT -3
#define LSTAT -4
#define ACCESS -5
#else
#define NATIVE 0xc000003eu
#define NEWFSTATAT 262
#define STATX 332
#define OPENAT 257
#define FACCESSAT 269
#define CLONE 56
#define MMAP 9
#define SHMAT 30
#define OPEN 2
#define STAT 4
#define LSTAT 6
#define ACCESS 21
#endif
#define FACCESSAT2 439

/* The next made-up stop that waits to be told: 0, or a process, with its status. */
int made_up_stop(int *status);
