/** A change of one text in one file. */
export interface Edit {
  /** The file, below the project's folder. */
  readonly file: string;
  /** The text that stands in the file once. */
  readonly from: string;
  /** What stands there instead. */
  readonly to: string;
}

/** A small sabotage of the code, and the tests that have to see it. */
export interface Mutant extends Edit {
  /** What is wrong with the code then. */
  readonly name: string;
  /** What guards the same besides, and has to be wrong too. */
  readonly also?: readonly Edit[];
  /** Test files, one of which has to turn red. */
  readonly tests: readonly string[];
}
