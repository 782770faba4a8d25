import { expect, test } from 'vitest';
import { deviceProblem } from './device-problem';

function named(name: string) {
  return Object.assign(new Error('refused'), { name });
}

test('a device that cannot be used is explained with the way out', () => {
  expect(deviceProblem('camera', named('NotAllowedError'))).toContain('Allow it');
  expect(deviceProblem('microphone', named('NotFoundError'))).toContain('No microphone was found');
  expect(deviceProblem('camera', named('NotReadableError'))).toContain('another program');
  expect(deviceProblem('camera', 'nonsense')).toContain('could not be used');
});

test('who closes the choice of screens has changed their mind', () => {
  expect(deviceProblem('screen', named('NotAllowedError'))).toBeUndefined();
});
