/** The numbers of a slice by bucket: bucket i has `offsets[starts[i]]` up to, not including, `offsets[starts[i + 1]]`. */
export class BucketOrder {
  offsets = new Int32Array(0);
  starts = new Int32Array(0);

  /** Sorts the indices below `count` by what `buckets` says of them, −1 being none; ascending within a bucket. */
  sort(buckets: Int32Array, count: number, bucketCount: number): void {
    if (this.offsets.length < count) this.offsets = new Int32Array(count);
    if (this.starts.length < bucketCount + 2) this.starts = new Int32Array(2 * bucketCount + 2);
    // Counted two places up, so that after the second pass, which moves each start to its end, they are one up.
    const starts = this.starts.fill(0, 0, bucketCount + 2);
    for (let i = 0; i < count; i++) starts[buckets[i]! + 2]! += 1;
    starts[1] = 0; // those of no bucket
    for (let b = 2; b <= bucketCount + 1; b++) starts[b]! += starts[b - 1]!;
    const offsets = this.offsets;
    for (let i = 0; i < count; i++) {
      const bucket = buckets[i]!;
      if (bucket < 0) continue;
      const at = starts[bucket + 1]!;
      offsets[at] = i;
      starts[bucket + 1] = at + 1;
    }
    starts[0] = 0;
  }
}
