import { mostDestinationGroups, type DestinationGroup, type Profile } from '@tallylight/contract';

/** The members of a group that are still there. */
const membersOf = (
  { profileIds }: DestinationGroup,
  profiles: readonly Profile[],
): readonly Profile[] => profiles.filter(({ id }) => profileIds.includes(id));

/** The groups of which something is still there. */
export const usableGroups = (
  groups: readonly DestinationGroup[],
  profiles: readonly Profile[],
): readonly DestinationGroup[] => groups.filter((group) => membersOf(group, profiles).length > 0);

/** Whether exactly its members are ticked. */
export function isChosenGroup(
  group: DestinationGroup,
  profiles: readonly Profile[],
  ticked: readonly Profile[],
): boolean {
  const members = membersOf(group, profiles);
  return members.length === ticked.length && ticked.every((profile) => members.includes(profile));
}

/** With `ticked` as a group of that name, which takes the place of one that is called so. */
export const withGroup = (
  groups: readonly DestinationGroup[],
  name: string,
  ticked: readonly Profile[],
): DestinationGroup[] => [
  ...groups.filter((group) => group.name !== name),
  { name, profileIds: ticked.map(({ id }) => id) },
];

/** Whether another group would be one too many. */
export const areGroupsFull = (groups: readonly DestinationGroup[], name: string): boolean =>
  groups.filter((group) => group.name !== name).length >= mostDestinationGroups;
