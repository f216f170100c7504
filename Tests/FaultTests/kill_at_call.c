// Loaded before libc (LD_PRELOAD): numbers every call that changes files, and kills the process at one of them,
// or never comes back from it.
//
// KILL_AT_CALL=12-   before the twelfth such call
// KILL_AT_CALL=12+   right after it
// HANG_AT_CALL=12    its thread stays before the twelfth such call for as long as the process lives
// CALLS_FILE=PATH    gets a line for each call when it begins: its number and its name
//
// strace's own injection counts for each thread by itself, and the program gives each batch of work to a new thread.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long count;
static long target;
static int after;
static long hang;
static int calls = -1;

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("KILL_AT_CALL");
    if (text) {
        char *end;
        target = strtol(text, &end, 10);
        after = *end == '+';
    }
    text = getenv("HANG_AT_CALL");
    if (text) hang = strtol(text, NULL, 10);
    const char *path = getenv("CALLS_FILE");
    if (path) calls = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void end_process(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static long enter(const char *name) {
    long number = atomic_fetch_add(&count, 1) + 1;
    if (calls >= 0) {
        char line[64];
        int length = snprintf(line, sizeof line, "%ld %s\n", number, name);
        syscall(SYS_write, calls, line, length);
    }
    if (number == target && !after) end_process();
    while (number == hang) pause();
    return number;
}

static void leave(long number) {
    if (number == target && after) end_process();
}

// The real function, once for each.
#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define COUNTED(name, ...) \
    REAL(name); \
    long number = enter(#name); \
    __typeof__(real(__VA_ARGS__)) result = real(__VA_ARGS__); \
    leave(number); \
    return result

// Log lines, pipes and sockets are no files of the folder.
static int is_file(int descriptor) {
    struct stat status;
    return descriptor > 2 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

#define OPENAT(function) \
    int function(int folder, const char *path, int flags, ...) { \
        REAL(function); \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { \
            va_list arguments; \
            va_start(arguments, flags); \
            mode = va_arg(arguments, mode_t); \
            va_end(arguments); \
        } \
        if (!(flags & O_CREAT)) return real(folder, path, flags, mode); \
        long number = enter("openat"); \
        int result = real(folder, path, flags, mode); \
        leave(number); \
        return result; \
    }
OPENAT(openat)
OPENAT(openat64)

#define WRITE(function, type) \
    ssize_t function(int file, const void *bytes, size_t length, type offset) { \
        REAL(function); \
        if (!is_file(file)) return real(file, bytes, length, offset); \
        long number = enter("pwrite64"); \
        ssize_t result = real(file, bytes, length, offset); \
        leave(number); \
        return result; \
    }
WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)

ssize_t write(int file, const void *bytes, size_t length) {
    REAL(write);
    if (!is_file(file)) return real(file, bytes, length);
    long number = enter("write");
    ssize_t result = real(file, bytes, length);
    leave(number);
    return result;
}

int fsync(int file) { COUNTED(fsync, file); }
int fdatasync(int file) { COUNTED(fdatasync, file); }
int ftruncate(int file, off_t length) { COUNTED(ftruncate, file, length); }
int futimens(int file, const struct timespec times[2]) { COUNTED(futimens, file, times); }
int mkdir(const char *path, mode_t mode) { COUNTED(mkdir, path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { COUNTED(mkdirat, folder, path, mode); }
int unlinkat(int folder, const char *path, int flags) { COUNTED(unlinkat, folder, path, flags); }
int linkat(int from, const char *old, int to, const char *new, int flags) { COUNTED(linkat, from, old, to, new, flags); }
int renameat(int from, const char *old, int to, const char *new) { COUNTED(renameat, from, old, to, new); }
int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
    COUNTED(renameat2, from, old, to, new, flags);
}
