import type { World } from './world.ts';

/** What is made of a world, made once for each: a whole search asks it of many resources. */
export function rememberedBy<T>(make: (world: World) => T): (world: World) => T {
  const known = new WeakMap<World, { readonly value: T }>();
  return (world) => {
    const found = known.get(world) ?? { value: make(world) };
    known.set(world, found);
    return found.value;
  };
}
