/** How large the value of a variable is. */
export interface InputShape {
  /** Lists and objects within each other, counted up to one more than the limit. */
  readonly depth: number;
  /** The length of the longest list in it; 0 if there is none. */
  readonly longest: number;
  /** The members of the object in it that has most; 0 if there is none. */
  readonly widest: number;
  /** Characters of texts and names, and one for each value. */
  readonly size: number;
}

/** Measures a value that came as JSON, and looks no deeper than one level past the limit. */
export function shapeOfInput(value: unknown, maxDepth: number): InputShape {
  const shape = { depth: 0, longest: 0, widest: 0, size: 0 };
  measure(value, 0, { shape, maxDepth });
  return shape;
}

interface Measuring {
  readonly shape: { -readonly [Key in keyof InputShape]: InputShape[Key] };
  readonly maxDepth: number;
}

function measure(value: unknown, depth: number, measuring: Measuring): void {
  const { shape, maxDepth } = measuring;
  shape.size += typeof value === "string" ? value.length + 1 : 1;
  if (typeof value !== "object" || value === null) return;
  shape.depth = Math.max(shape.depth, depth + 1);
  if (Array.isArray(value)) {
    shape.longest = Math.max(shape.longest, value.length);
    if (depth === maxDepth) return;
    for (const item of value) measure(item, depth + 1, measuring);
    return;
  }
  const names = Object.keys(value);
  shape.widest = Math.max(shape.widest, names.length);
  if (depth === maxDepth) return;
  for (const name of names) {
    shape.size += name.length;
    measure((value as Record<string, unknown>)[name], depth + 1, measuring);
  }
}
