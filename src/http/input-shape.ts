/** How large the value of a variable is. */
export interface InputShape {
  /** Lists and objects within each other, counted up to one more than the limit. */
  readonly depth: number;
  /** The length of the longest list in it; 0 if there is none. */
  readonly longest: number;
}

const SCALAR: InputShape = { depth: 0, longest: 0 };

/** Measures a value that came as JSON, and looks no deeper than one level past the limit. */
export function shapeOfInput(value: unknown, maxDepth: number): InputShape {
  if (typeof value !== "object" || value === null) return SCALAR;
  let depth = 1;
  let longest = Array.isArray(value) ? value.length : 0;
  if (maxDepth === 0) return { depth, longest };
  for (const item of Object.values(value)) {
    if (typeof item !== "object" || item === null) continue;
    const inner = shapeOfInput(item, maxDepth - 1);
    depth = Math.max(depth, inner.depth + 1);
    longest = Math.max(longest, inner.longest);
  }
  return { depth, longest };
}
