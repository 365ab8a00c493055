import { expect, test } from 'vitest';
import { ConnectionPlaces, type PlacedConnection } from './connection-places.js';

type Worth = ReturnType<PlacedConnection['worth']>;

function connection(worth: Worth, address = 'one') {
  const made = { address, now: worth, gaveWay: 0, worth: () => made.now, giveWay };
  function giveWay(): void {
    made.gaveWay += 1;
  }
  return made;
}

test('the one that has asked for nothing for longest gives way, then one that may ask again, never one that is served', () => {
  const places = new ConnectionPlaces({ most: 4, mostPerAddress: Infinity });
  const [served, idle, older, newer] = (['much', 'little', 'nothing', 'nothing'] as const).map(
    (worth) => connection(worth),
  );
  const all = [served, idle, older, newer].filter((each) => each !== undefined);
  for (const each of all) expect(places.take(each)).toBeUndefined();
  const gaveWay = () => all.map((each) => each.gaveWay);

  expect(places.take(connection('much'))).toBeUndefined();
  expect(gaveWay()).toEqual([0, 0, 1, 0]);
  expect(places.take(connection('much'))).toBeUndefined();
  expect(gaveWay()).toEqual([0, 0, 1, 1]);
  expect(places.take(connection('much'))).toBeUndefined();
  expect(gaveWay()).toEqual([0, 1, 1, 1]);
  expect(places.take(connection('much'))).toBe('full');
  expect(gaveWay()).toEqual([0, 1, 1, 1]);
});

test('an address that has its share makes room among its own', () => {
  const places = new ConnectionPlaces({ most: 100, mostPerAddress: 2 });
  const other = connection('nothing', 'two');
  const own = connection('nothing');
  for (const each of [other, connection('much'), own]) places.take(each);
  const next = connection('much');
  expect(places.take(next)).toBeUndefined();
  expect([other.gaveWay, own.gaveWay]).toEqual([0, 1]);
  expect(places.take(connection('much'))).toBe('address-full');
  expect(places.take(connection('much', 'two'))).toBeUndefined();
  places.leave(next);
  places.leave(next);
  places.leave(own);
  expect(places.take(connection('much'))).toBeUndefined();
  expect(places.take(connection('much'))).toBe('address-full');
});
