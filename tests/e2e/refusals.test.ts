import { describe, expect, test } from 'vitest';
import { createFolder } from './harness.js';
import { expectRefusal } from './refusal.js';
import { listFiles } from './snapshot.js';

describe('ranges', () => {
  test.each([
    ['', /--range is empty/],
    ['abc', /--range "abc" is not a number/],
    ['1e', /--range "1e" is not a number/],
    ['10..', /the end of --range "" is empty/],
    ['..10', /the start of --range "" is empty/],
    ['1..2..3', /the end of --range "2\.\.3" is not a number/],
    ['0x10', /--range "0x10" is not a number/],
    ['1,000', /--range "1,000" is not a number/],
    ['-5', /--range "-5" is negative/],
    ['-20..-10', /the start of --range "-20" is negative/],
    ['1e3-1e4', /--range "1e3-1e4" is negative/],
    ['12.5', /--range "12\.5" is not a whole number/],
    ['10..1e-1', /the end of --range "1e-1" is not a whole number/],
    ['500..500', /--range "500\.\.500" is empty/],
    ['20..10', /--range "20\.\.10" is reversed/],
    ['9..1000', /--range "9\.\.1000" starts too low.* 10/],
    ['0..5', /--range "0\.\.5" starts too low.* 10/],
    ['10', /--range "10" holds no number.* 11/],
    ['1e99999', /--range "1e99999" is too large.* 10000 digits/],
    ['1e5000', /--range.* 5001 digits.* up to \d+/],
    ['1e1000..1e1000+5', /--range.* 1001 digits.* up to \d+/],
    ['1e5\n0', /--range .* is not a number/],
  ])('%j', async (range, reason) => {
    await expectRefusal(['build', `--range=${range}`], 2, reason);
  });

  test('of a plan too', async () => {
    await expectRefusal(['plan', '--range', '20..10'], 2, /--range "20\.\.10" is reversed/);
  });

  test('none', async () => {
    await expectRefusal(['build'], 2, /a range is needed: give --range/);
    await expectRefusal(['build', '--range'], 2, /--range needs a value/);
    await expectRefusal(
      ['build', '--range', '--cpus', '2'],
      2,
      /--range needs a value, but "--cpus" follows/,
    );
    await expectRefusal(['build', '1e6'], 2, /build takes flags alone, not "1e6".*--range/);
  });
});

describe('other values', () => {
  test.each([
    ['--cpus', '0', /--cpus "0" is out of bounds: expected 1 to/],
    ['--cpus', '-1', /--cpus "-1" is not a number of CPUs/],
    ['--cpus', 'abc', /--cpus "abc" is not a number of CPUs/],
    ['--cpus', '', /--cpus is empty/],
    ['--cpus', '1.5', /--cpus "1\.5" is not a number of CPUs/],
    ['--cpus', '101%', /--cpus "101%" is out of bounds/],
    ['--cpus', '1e9', /--cpus "1e9" is not a number of CPUs/],
    ['--chunk', '0', /--chunk "0" is too small/],
    ['--chunk', '-10', /--chunk "-10" is negative/],
    ['--chunk', 'big', /--chunk "big" is not a number/],
    ['--layout', 'files', /--layout "files" is unknown: expected one of signature, job, single/],
    ['--out', '', /--out is empty/],
    ['--progress', 'dots', /--progress "dots" is unknown: expected one of auto, bar, plain, none/],
    ['--progress-interval', '0', /--progress-interval "0" is no interval/],
    ['--force', 'yes', /build takes flags alone, not "yes"/],
  ])('%s %j', async (flag, value, reason) => {
    const args = ['build', '--range', '1e4', flag === '--force' ? flag : `${flag}=${value}`];
    const { cwd } = await expectRefusal(flag === '--force' ? [...args, value] : args, 2, reason);
    expect(await listFiles(cwd)).toEqual([]);
  });

  test('a chunk that makes more jobs than can be kept account of', async () => {
    const args = ['build', '--range', '2e7', '--chunk', '1', '--layout', 'single'];
    await expectRefusal(args, 2, /--chunk: the range makes 19999990 jobs, .* larger --chunk/);
  });

  test('a variable is named as such', async () => {
    const env = { SIGTABLES_CPUS: 'many' };
    await expectRefusal(['build', '--range', '1e4'], 2, /SIGTABLES_CPUS "many" is not a number of CPUs/, {
      env,
    });
  });
});

describe('what does not exist, with the nearest that does', () => {
  test.each([
    [['biuld', '--range', '1e4'], /unknown command "biuld"; did you mean build\?/],
    [['build', '--rang', '1e4'], /unknown flag "--rang"; did you mean --range\?/],
    [['build', '--range=1e4', '--cpu=2'], /unknown flag "--cpu"; did you mean --cpus\?/],
    [['build', '--range=1e4', '--layuot', 'job'], /unknown flag "--layuot"; did you mean --layout\?/],
    [['build', '--range=1e4', '--nosync'], /unknown flag "--nosync"; did you mean --no-sync\?/],
    [['--range', '1e4'], /--range belongs after the command that has it: sigtables build --range/],
    [['build', '--range=1e4', '--force=true'], /--force takes no value/],
    [['build', '--range=1e4', '--zzzzzz'], /unknown flag "--zzzzzz"; --help/],
  ])('%j', async (args, reason) => {
    const { cwd } = await expectRefusal(args, 2, reason, { cwd: await createFolder() });
    expect(await listFiles(cwd)).toEqual([]);
  });
});
