/* For the second, differing run: the files by which a program tells that it is in a container are not there.
   Preloaded into the payload only. It is compiled without headers, so that the image needs none. */

typedef unsigned long size_t;
extern void *dlsym(void *handle, const char *name);
extern int *__errno_location(void);

#define NEXT ((void *)-1L)
#define ENOENT 2

static int same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static int hidden(const char *path)
{
	if (!path || (!same(path, "/.dockerenv") && !same(path, "/.dockerinit") && !same(path, "/run/.containerenv")))
		return 0;
	*__errno_location() = ENOENT;
	return 1;
}

int stat(const char *path, void *buffer)
{
	int (*next)(const char *, void *) = dlsym(NEXT, "stat");
	return hidden(path) ? -1 : next(path, buffer);
}

int stat64(const char *path, void *buffer)
{
	int (*next)(const char *, void *) = dlsym(NEXT, "stat64");
	return hidden(path) ? -1 : next(path, buffer);
}

int lstat(const char *path, void *buffer)
{
	int (*next)(const char *, void *) = dlsym(NEXT, "lstat");
	return hidden(path) ? -1 : next(path, buffer);
}

int lstat64(const char *path, void *buffer)
{
	int (*next)(const char *, void *) = dlsym(NEXT, "lstat64");
	return hidden(path) ? -1 : next(path, buffer);
}

int fstatat(int folder, const char *path, void *buffer, int flags)
{
	int (*next)(int, const char *, void *, int) = dlsym(NEXT, "fstatat");
	return hidden(path) ? -1 : next(folder, path, buffer, flags);
}

int fstatat64(int folder, const char *path, void *buffer, int flags)
{
	int (*next)(int, const char *, void *, int) = dlsym(NEXT, "fstatat64");
	return hidden(path) ? -1 : next(folder, path, buffer, flags);
}

int statx(int folder, const char *path, int flags, unsigned mask, void *buffer)
{
	int (*next)(int, const char *, int, unsigned, void *) = dlsym(NEXT, "statx");
	return hidden(path) ? -1 : next(folder, path, flags, mask, buffer);
}

int access(const char *path, int mode)
{
	int (*next)(const char *, int) = dlsym(NEXT, "access");
	return hidden(path) ? -1 : next(path, mode);
}

int euidaccess(const char *path, int mode)
{
	int (*next)(const char *, int) = dlsym(NEXT, "euidaccess");
	return hidden(path) ? -1 : next(path, mode);
}

int faccessat(int folder, const char *path, int mode, int flags)
{
	int (*next)(int, const char *, int, int) = dlsym(NEXT, "faccessat");
	return hidden(path) ? -1 : next(folder, path, mode, flags);
}

int open(const char *path, int flags, int mode)
{
	int (*next)(const char *, int, int) = dlsym(NEXT, "open");
	return hidden(path) ? -1 : next(path, flags, mode);
}

int open64(const char *path, int flags, int mode)
{
	int (*next)(const char *, int, int) = dlsym(NEXT, "open64");
	return hidden(path) ? -1 : next(path, flags, mode);
}
