/*
 * Reads a table set of the layout `signature` and checks it by the definition alone: the literal loop, in C, for every
 * number. Shares nothing with sigtables. Usage: scan START END FILE... ; prints how many numbers the files hold.
 *
 * Every number is in the range, ascends strictly within its file, and has the signature that the file is named after;
 * each file has one key. So no number stands twice, and if there are END - START of them, none is missing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long long number;

static int digits(number n) {
    int count = 1;
    while (n >= 10) n /= 10, count++;
    return count;
}

static void sign(number n, char *key) {
    int steps = 1;
    do {
        number power = 1;
        for (int i = digits(n) - 2; i > 0; i--) power *= 10;
        steps++;
        for (int time = 0; time < 10; time++)
            if (n > power && n - power > 10) n -= power;
    } while (digits(n) != 2);
    sprintf(key, "%02d%llu", steps, n);
}

static void fail(const char *file, const char *what, number n) {
    fprintf(stderr, "%s: %s at %llu\n", file, what, n);
    exit(1);
}

static number scan(const char *path, number start, number end) {
    FILE *file = fopen(path, "r");
    if (!file) fail(path, "cannot be opened", 0);
    static char buffer[1 << 20];
    setvbuf(file, buffer, _IOFBF, sizeof buffer);
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    char key[32], own[32], expected[64];
    snprintf(key, sizeof key, "%.*s", (int)(strlen(name) - strlen(".json")), name);
    snprintf(expected, sizeof expected, "{\"%s\":[", key);
    for (const char *at = expected; *at; at++)
        if (getc_unlocked(file) != *at) fail(path, "wrong label", 0);
    number count = 0, last = 0, n = 0;
    for (int c; (c = getc_unlocked(file)) != EOF;) {
        if (c >= '0' && c <= '9') {
            n = 10 * n + (number)(c - '0');
            continue;
        }
        if (c != ',' && c != ']') fail(path, "wrong character after", n);
        sign(n, own);
        if (strcmp(own, key) != 0) fail(path, "wrong signature", n);
        if (n <= last || n < start || n >= end) fail(path, "wrong order or out of range", n);
        count++;
        last = n;
        n = 0;
        if (c == ']') break;
    }
    if (getc_unlocked(file) != '}' || getc_unlocked(file) != EOF) fail(path, "wrong end", last);
    fclose(file);
    return count;
}

int main(int argc, char **argv) {
    number start = strtoull(argv[1], NULL, 10), end = strtoull(argv[2], NULL, 10), total = 0;
    for (int i = 3; i < argc; i++) total += scan(argv[i], start, end);
    printf("%llu\n", total);
    return 0;
}
