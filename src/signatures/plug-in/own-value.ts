/** Whether `valueOf` is the definition's or the signature's own, not the one that every object inherits. */
export function hasOwnValue(definition: object): boolean {
  const valueOf: unknown = Reflect.get(definition, 'valueOf');
  return valueOf !== undefined && valueOf !== Reflect.get(Object.prototype, 'valueOf');
}
