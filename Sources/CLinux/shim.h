#pragma once

// glibc (2.28) declares these for _GNU_SOURCE only, which Swift's Glibc module is built without.

int renameat2(int oldFolder, const char *oldName, int newFolder, const char *newName, unsigned int flags);

/// linux/fs.h
static const unsigned int LINUX_RENAME_NOREPLACE = 1;
