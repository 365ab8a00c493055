import type { Profile } from '@tallylight/contract';
import { expect, it } from 'vitest';
import { areGroupsFull, isChosenGroup, usableGroups, withGroup } from './destination-groups.js';

const profile = (id: string): Profile => ({
  ...{ id, name: id, serverUrl: `rtmp://${id}/live`, shownUrl: `rtmp://${id}/live` },
  ...{ hasKey: true, hasPassword: false, kind: 'rtmp' },
});
const [a, b, c] = [profile('a'), profile('b'), profile('c')];
const all = [a, b, c];

it('is chosen where its members are ticked and no other, those that are gone left out', () => {
  const group = { name: 'Sunday', profileIds: ['a', 'gone', 'b'] };
  expect(isChosenGroup(group, all, [a, b])).toBe(true);
  expect(isChosenGroup(group, all, [a])).toBe(false);
  expect(isChosenGroup(group, all, all)).toBe(false);
});

it('is not offered once all of it is gone, and one of the same name takes its place', () => {
  const sunday = { name: 'Sunday', profileIds: ['a'] };
  const gone = { name: 'Gone', profileIds: ['x'] };
  expect(usableGroups([sunday, gone], all)).toEqual([sunday]);
  expect(withGroup([sunday, gone], 'Sunday', [b, c])).toEqual([
    gone,
    { name: 'Sunday', profileIds: ['b', 'c'] },
  ]);
});

it('is one too many behind the twentieth, but may take the place of one of them', () => {
  const groups = Array.from({ length: 20 }, (_, i) => ({ name: `${i}`, profileIds: ['a'] }));
  expect(areGroupsFull(groups, 'another')).toBe(true);
  expect(areGroupsFull(groups, '7')).toBe(false);
  expect(areGroupsFull(groups.slice(1), 'another')).toBe(false);
});
