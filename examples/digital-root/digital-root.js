import { defineSignature } from 'sigtables';

export default defineSignature({
  name: 'digital-root',
  version: '1',
  start: 1,
  keyOf: (n) => (typeof n === 'bigint' ? Number(n % 9n) : n % 9) || 9,
});
