// Usage: measure RESULT COMMAND [ARGUMENT]...
// Runs a command and writes wall time, processor time, peak memory and status into RESULT, as JSON.
//
// It is small on purpose: the peak memory of a child counts from its parent's pages before exec.
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec * 1e-6; }

int main(int count, char **arguments)
{
    if (count < 3) return 64;
    struct timespec began, ended;
    struct rusage usage;
    pid_t child;
    int status;
    clock_gettime(CLOCK_MONOTONIC, &began);
    if (posix_spawnp(&child, arguments[2], NULL, NULL, arguments + 2, environ) != 0) return 69;
    if (wait4(child, &status, 0, &usage) != child) return 70;
    clock_gettime(CLOCK_MONOTONIC, &ended);
    FILE *result = fopen(arguments[1], "w");
    if (result == NULL) return 73;
    fprintf(result, "{\"wall\":%.6f,\"user\":%.6f,\"system\":%.6f,\"memory\":%ld,\"status\":%d}\n",
            (double)(ended.tv_sec - began.tv_sec) + (double)(ended.tv_nsec - began.tv_nsec) * 1e-9,
            seconds(usage.ru_utime), seconds(usage.ru_stime), usage.ru_maxrss * 1024,
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return fclose(result) != 0;
}
