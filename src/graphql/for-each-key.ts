/**
 * What was found for each key, in the order of the keys, as loaders answer; null where nothing was.
 *
 * @param keyOf The key of what was found: no two have the same.
 */
export function oneForEach<Key, Found>(
  keys: readonly Key[],
  found: readonly Found[],
  keyOf: (one: Found) => Key,
): (Found | null)[] {
  const byKey = new Map(found.map((one) => [keyOf(one), one]));
  return keys.map((key) => byKey.get(key) ?? null);
}

/** All that was found for each key, in the order of the keys; of each in the order in which it was found. */
export function allForEach<Key, Found>(
  keys: readonly Key[],
  found: readonly Found[],
  keyOf: (one: Found) => Key,
): Found[][] {
  const byKey = new Map(keys.map((key): [Key, Found[]] => [key, []]));
  for (const one of found) byKey.get(keyOf(one))?.push(one);
  return keys.map((key) => byKey.get(key) ?? []);
}
