/*
 * The Julia set on one core, by the arithmetic of examples/julia-set: escape times of a picture of WIDTH x HEIGHT
 * pixels. Usage: julia WIDTH HEIGHT ITERATIONS ; prints how many pixels have each escape time, a line per time.
 */
#include <stdio.h>
#include <stdlib.h>

static const double C = 0.355, ESCAPED = 16;

static int escape_time(double x, double y, int iterations) {
    for (int time = 1; time <= iterations; time++) {
        double real = x * x - y * y + C;
        y = 2 * x * y + C;
        x = real;
        if (x * x + y * y >= ESCAPED) return time;
    }
    return iterations;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    int width = atoi(argv[1]), height = atoi(argv[2]), iterations = atoi(argv[3]);
    double step = 2.4 / (width < height ? width : height);
    double left = -step * (width - 1) / 2, top = step * (height - 1) / 2;
    long *counts = calloc(iterations + 1, sizeof *counts);
    for (long n = 0; n < (long)width * height; n++)
        counts[escape_time(left + step * (n % width), top - step * (n / width), iterations)]++;
    for (int time = 1; time <= iterations; time++)
        if (counts[time] > 0) printf("%d %ld\n", time, counts[time]);
    return 0;
}
