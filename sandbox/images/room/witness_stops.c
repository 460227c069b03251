/* A payload is stopped twice for each call that is watched, before it and after it, and stops are what watching costs.
   What came of a question whether a file is there tells nothing, and a file that is there will be opened: in both
   cases the second stop is made up, with 0 for an answer, and the payload goes on at once. What is not there when it is
   opened, what is written, and what has a way of its own to be opened (below /proc, say) is stopped at twice. So
   nothing that was opened goes unseen; at worst an open that failed is told as one.

   The witness also looks up the working folder for each call. It is remembered from one call of a process to the next
   as long as nothing else happens.

   A name with a link in it is no file's own name, and a name may be changed between the witness's look and the kernel's
   by whoever shares the memory it stands in. So where there is a link, and once a thread is started or memory is shared
   that somebody might write to, no stop of an open is spared, and the witness tells what was opened in truth. */

#include "witness.h"

#define CALL_INFO 0x420e
#define LEAVING 2
#define BY_FILTER 3
#define LEAVING_BYTES 33
#define GO_ON 7
#define LET_GO 17
#define TO_NEXT_STOP 24
#define AFTER_CALL 0x857f /* a trap of a traced call, as wait tells it */
#define MOST_MADE_UP 64
#define HERE -100
#define CHANGES (3 | 0100 | 01000 | 020000000) /* O_ACCMODE, O_CREAT, O_TRUNC and what marks O_TMPFILE */
#define LONGEST 2048
#define OPENAT2 437
#define NAME_ONLY 012000000 /* O_PATH, O_CLOEXEC */
#define NO_LINKS 4
#define SHARES_MEMORY 0x100
#define UNTIL_IT_STARTS 0x4000
#define NO_FILE 0x20

struct info {
	unsigned char what, rest[3];
	unsigned int machine;
	unsigned long at, stack;
	long call;
	unsigned long given[6];
};
struct piece { char *at; size_t size; };

static struct info now;
static char path[LONGEST];
static int last_pid, leaving, leaving_made_up, moves, have_path;
static char folder_of[64], folder[4096];
static long folder_length;
static struct { int pid, told; struct info before; } made_up[MOST_MADE_UP];
static int waiting_to_be_told, together;

static int question(void)
{
	return now.call == NEWFSTATAT || now.call == STATX || now.call == ACCESS || now.call == FACCESSAT ||
	       now.call == FACCESSAT2 || now.call == STAT || now.call == LSTAT;
}

/* Where among the call's arguments the path is, of the calls of which one stop may be spared; -1 for all others. */
static int path_at(void)
{
	if (now.call == OPEN || now.call == STAT || now.call == LSTAT || now.call == ACCESS)
		return 0;
	return now.call == OPENAT || question() ? 1 : -1;
}

static int of_the_machine(const char *path)
{
	return !strncmp(path, "/proc", 5) || !strncmp(path, "/sys", 4) || !strncmp(path, "/dev", 4) ||
	       !strncmp(path, "/run", 4) || !strncmp(path, "/etc", 4) || !strncmp(path, "/root", 5);
}

/* Nobody in the room can write here. */
static int of_the_image(const char *path)
{
	return !strncmp(path, "/usr/", 5) || !strncmp(path, "/lib", 4) || !strncmp(path, "/bin/", 5);
}

/* Whether a file or folder is there by this very name, with no link on the way to it. */
static int by_its_own_name(const char *path)
{
	static const unsigned long how[3] = {NAME_ONLY, 0, NO_LINKS};
	long fd = syscall(OPENAT2, HERE, path, how, sizeof(how));

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Whether what is to be opened is there and only read. What belongs to the image may have links on the way. */
static int is_there(int pid)
{
	char whole[LONGEST + sizeof(folder)];
	int there, error = *__errno_location();
	const char *name = path;

	if (now.given[path_at() + 1] & CHANGES || !path[0] || strstr(path, ".."))
		return 0;
	if (path[0] != '/') {
		snprintf(whole, sizeof(whole), "/proc/%d/cwd", pid);
		if ((now.call == OPENAT && (int)now.given[0] != HERE) || strcmp(whole, folder_of))
			return 0;
		snprintf(whole, sizeof(whole), "%.*s/%s", (int)folder_length, folder, path);
		name = whole;
	}
	if (of_the_machine(name))
		return 0;
	there = of_the_image(name) ? !access(name, 0) : by_its_own_name(name);
	/* The witness takes what stands here for the answer to its own request. */
	*__errno_location() = error;
	return there;
}

/* The witness has looked at the call and wants to hear what comes of it: whether that can be made up. */
static int make_up(int pid)
{
	int free;

	if (pid != last_pid || now.what != BY_FILTER || now.machine != NATIVE || path_at() < 0 || !have_path)
		return 0;
	if (!question() && (together || !is_there(pid)))
		return 0;
	for (free = 0; free < MOST_MADE_UP && made_up[free].pid; free++)
		;
	if (free == MOST_MADE_UP)
		return 0;
	made_up[free].pid = pid;
	made_up[free].told = 0;
	made_up[free].before = now;
	waiting_to_be_told++;
	return 1;
}

int made_up_stop(int *status)
{
	int at;

	if (!waiting_to_be_told)
		return 0;
	for (at = 0; at < MOST_MADE_UP; at++)
		if (made_up[at].pid && !made_up[at].told) {
			made_up[at].told = 1;
			waiting_to_be_told--;
			*status = AFTER_CALL;
			return made_up[at].pid;
		}
	return 0;
}

/* The made-up stop that this process is in, if any. */
static int stands_at(int pid)
{
	int at;

	for (at = 0; at < MOST_MADE_UP; at++)
		if (made_up[at].pid == pid && made_up[at].told)
			return at;
	return -1;
}

static long made_up_info(int pid, int at, struct info *told)
{
	leaving = leaving_made_up = 1;
	now.what = LEAVING;
	if (pid != last_pid)
		folder_of[0] = 0;
	last_pid = pid;
	*told = made_up[at].before;
	told->what = LEAVING;
	told->call = 0;
	*(unsigned char *)told->given = 0;
	return LEAVING_BYTES;
}

static int maps_the_image(int pid, int fd)
{
	char where[64], file[16] = "";
	int error = *__errno_location();

	snprintf(where, sizeof(where), "/proc/%d/fd/%d", pid, fd);
	readlinkat(HERE, where, file, sizeof(file) - 1);
	*__errno_location() = error;
	return of_the_image(file);
}

/* Whether this call lets somebody else write to the memory in which a name stands. */
static int shares(int pid)
{
	if (now.call == CLONE)
		return (now.given[0] & (SHARES_MEMORY | UNTIL_IT_STARTS)) == SHARES_MEMORY;
	if (now.call == MMAP)
		return now.given[3] & NO_FILE || !maps_the_image(pid, now.given[4]);
	return now.call == SHMAT;
}

/* A call's beginning or end was told: a new call has no path yet, and whatever may move a folder forgets it. */
static void arrived(int pid, struct info *told, long bytes)
{
	now.what = told->what;
	leaving = told->what == LEAVING;
	leaving_made_up = 0;
	if (!leaving) {
		memcpy(&now, told, bytes < (long)sizeof(now) ? bytes : sizeof(now));
		have_path = 0;
		moves = bytes < 32 || path_at() < 0;
		together = together || shares(pid);
	}
	if (moves || pid != last_pid)
		folder_of[0] = 0;
	last_pid = pid;
}

/* The path of a call is copied as the witness reads it. */
long process_vm_readv(int pid, struct piece *into, size_t intos, struct piece *from, size_t froms, size_t flags)
{
	static long (*next)(int, struct piece *, size_t, struct piece *, size_t, size_t);
	long read, skipped;
	char *wanted, *end;

	if (!next)
		next = dlsym(NEXT, "process_vm_readv");
	read = next(pid, into, intos, from, froms, flags);
	if (have_path || leaving || pid != last_pid || intos != 1 || froms != 1 || read <= 0 || path_at() < 0)
		return read;
	wanted = (char *)now.given[path_at()];
	skipped = wanted - from->at;
	if (wanted < from->at || skipped >= read)
		return read;
	end = memchr(into->at + skipped, 0, read - skipped);
	if (end && end - (into->at + skipped) < LONGEST) {
		memcpy(path, into->at + skipped, end - (into->at + skipped) + 1);
		have_path = 1;
	}
	return read;
}

long ptrace(long request, long pid, void *address, void *data)
{
	static long (*next)(long, long, void *, void *);
	int at = stands_at(pid);
	long result;

	if (!next)
		next = dlsym(NEXT, "ptrace");
	if (request == TO_NEXT_STOP && !data && make_up(pid))
		return 0;
	if (request == CALL_INFO && at >= 0) {
		return made_up_info(pid, at, data);
	}
	result = next(request, pid, address, data);
	if (request == CALL_INFO && result > 0)
		arrived(pid, data, result);
	else if (at >= 0 && (request == GO_ON || request == TO_NEXT_STOP || request == LET_GO))
		made_up[at].pid = 0;
	return result;
}

long readlink(const char *path, char *out, size_t size)
{
	static long (*next)(const char *, char *, size_t);
	size_t length = strlen(path);

	if (!next)
		next = dlsym(NEXT, "readlink");
	/* Without being told of each call there is no knowing whether a folder moved. */
	if (!last_pid || length < 11 || length >= sizeof(folder_of) || path[0] != '/' || path[1] != 'p')
		return next(path, out, size);
	if (strcmp(path + length - 4, "/cwd")) {
		if (!leaving_made_up)
			return next(path, out, size);
		*__errno_location() = 2;
		return -1;
	}
	if (strcmp(path, folder_of)) {
		folder_length = next(path, folder, sizeof(folder));
		if (folder_length < 0)
			return folder_length;
		memcpy(folder_of, path, length + 1);
	}
	if (folder_length > (long)size)
		return next(path, out, size);
	memcpy(out, folder, folder_length);
	return folder_length;
}
