/** Values by ascending key; equal keys come in the order in which they were put in. */
export class Heap<Value> {
  private readonly entries: { readonly key: number; readonly order: number; readonly value: Value }[] = [];
  private order = 0;

  get firstKey(): number | undefined {
    return this.entries[0]?.key;
  }

  get first(): Value | undefined {
    return this.entries[0]?.value;
  }

  push(key: number, value: Value): void {
    const entry = { key, order: this.order++, value };
    let at = this.entries.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(entry, this.entries[parent]!)) break;
      this.entries[at] = this.entries[parent]!;
      at = parent;
    }
    this.entries[at] = entry;
  }

  pop(): Value | undefined {
    const first = this.entries[0];
    const last = this.entries.pop();
    if (first === undefined || last === undefined || this.entries.length === 0) return first?.value;
    this.sink(last);
    return first.value;
  }

  private sink(entry: (typeof this.entries)[number]): void {
    const size = this.entries.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(this.entries[child + 1]!, this.entries[child]!)) child++;
      if (!this.isBefore(this.entries[child]!, entry)) break;
      this.entries[at] = this.entries[child]!;
      at = child;
    }
    this.entries[at] = entry;
  }

  private isBefore(a: { key: number; order: number }, b: { key: number; order: number }): boolean {
    return a.key < b.key || (a.key === b.key && a.order < b.order);
  }
}
