/*
 * The slow series on one core: the sum of 1/n over the n from START to before END whose digits hold no 9, by the division
 * and the digit test of examples/slow-series. Usage: slow_series START END ; prints the sum.
 */
#include <stdio.h>
#include <stdlib.h>

static int has_nine(unsigned n) {
    for (; n > 0; n /= 10)
        if (n % 10 == 9) return 1;
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    unsigned start = strtoul(argv[1], NULL, 10), end = strtoul(argv[2], NULL, 10);
    double sum = 0;
    for (unsigned n = start; n < end; n++)
        if (!has_nine(n)) sum += 1.0 / n;
    printf("%.17g\n", sum);
    return 0;
}
