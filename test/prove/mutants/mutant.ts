/** A small sabotage of the code, and the tests that have to see it. */
export interface Mutant {
  /** What is wrong with the code then. */
  readonly name: string;
  /** The file, below the project's folder. */
  readonly file: string;
  /** The text that stands in the file once. */
  readonly from: string;
  /** What stands there instead. */
  readonly to: string;
  /** Test files, one of which has to turn red. */
  readonly tests: readonly string[];
}
