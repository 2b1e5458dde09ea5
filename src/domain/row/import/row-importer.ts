import { dropImport, holdImport } from "../../../db/dataset-import.ts";
import { encodeId } from "../../../db/id.ts";
import type { RowImportState } from "../../../db/generated/enums.ts";
import { beginCommit } from "../../../db/row-commit.ts";
import { saveProgress } from "../../../db/row-imports.ts";
import {
  beginStaging,
  insertStaged,
  type Slice,
  stageRows,
  type Staging,
  stagingOf,
  withRows,
} from "../../../db/row-staging.ts";
import type { Transaction } from "../../../db/transaction.ts";
import { type KnownDataset, requireDataset } from "../../../access/known-dataset.ts";
import type { Context } from "../../../graphql/context.ts";
import { ConflictError, UnavailableError } from "../../../graphql/errors.ts";
import { decisionAbout, importable } from "./import-decision.ts";
import {
  type ImportFault,
  type ImportFaults,
  ImportFaultsError,
  NO_FAULTS,
  withFaults,
} from "./import-fault.ts";
import { type ImportRows, SOURCE_FORMATS } from "./import-inputs.ts";
import { headerNames, recordReader, requireHeaders } from "./import-records.ts";
import { type Chunk, judgedRecords } from "./staged-records.ts";
import { takenMeanwhile } from "./taken-meanwhile.ts";
import { requiredColumns, requireWhole } from "../write/write-rights.ts";
import { stampOf } from "../write/write-result.ts";

/** The permission of the method, and the name of its event. */
export const IMPORT = "row::import";

/** An import that was promised. */
export interface OrderedImport {
  readonly tenantId: string;
  /** The UUID of its transfer, of what is shown of it, and of the table that its rows wait in. */
  readonly id: string;
  readonly input: ImportRows;
}

/** What became of an import. */
export interface ImportedRows {
  /** The id of the import. */
  readonly id: string;
  readonly rows: number;
  /** The records that were left out. */
  readonly faulty: number;
  readonly faults: readonly ImportFault[];
}

/** The rows of a file on their way into a dataset: each step has a transaction of its own, and the last shows all. */
export class RowImporter {
  readonly #context: Context;
  readonly #order: OrderedImport;
  #staging: Staging | null = null;
  #decision = "";
  #faults: ImportFaults = NO_FAULTS;
  #rows = 0;
  /** Where the rows that wait are cut into statements. */
  #slices: readonly Slice[] = [];
  /** What became of it, where the last transaction is not taken back. */
  #shown: ImportedRows | null = null;
  /** How much of the file has come. */
  bytes = 0;

  constructor(context: Context, order: OrderedImport) {
    this.#context = context;
    this.#order = order;
  }

  /** Makes the room that the rows wait in. */
  async begin(): Promise<void> {
    await this.#context.prepare(IMPORT, async () => {
      const dataset = await this.#dataset();
      requireWhole(dataset, "CREATE");
      requiredColumns(dataset);
      this.#decision = await decisionAbout(this.#context, dataset);
      this.#staging = stagingOf(dataset.definition, this.#order.id);
      await beginStaging(this.#context.transaction, this.#staging);
      await this.save(this.#context.transaction, "RECEIVING");
    });
  }

  /** @throws {PublicError} for headers of a CSV file by which it cannot be imported. */
  async checkHeaders(headers: readonly string[]): Promise<void> {
    await this.#context.prepare(IMPORT, async () =>
      requireHeaders(await this.#sameDataset(), headers, this.#order.input.columns ?? []),
    );
  }

  /** Has records wait that are without fault. */
  async stage(chunk: Chunk): Promise<void> {
    const { onFault, format, columns } = this.#order.input;
    await this.#context.prepare(IMPORT, async () => {
      const { transaction } = this.#context;
      const dataset = await this.#sameDataset();
      const staging = await this.#held(transaction);
      const judging = {
        dataset,
        waitingIn: staging.definition.id,
        read: recordReader(dataset, SOURCE_FORMATS[format], headerNames(dataset, columns ?? [])),
        onFault: onFault ?? "REJECT_ALL",
      };
      const { rows, faults } = await judgedRecords(this.#context, judging, chunk);
      await stageRows(transaction, staging, rows, stampOf(this.#context));
      this.#faults = withFaults(this.#faults, faults);
      this.#rows += rows.length;
      this.#slices = withRows(this.#slices, rows);
      await this.save(transaction, "RECEIVING");
    });
  }

  /**
   * Makes all that wait rows of the dataset.
   *
   * @throws {ImportFaultsError} where some records are at fault, unless these are to be skipped.
   */
  async finish(): Promise<ImportedRows> {
    const { datasetId: target } = this.#order.input;
    await this.#context.prepare(IMPORT, () => this.save(this.#context.transaction, "WRITING"));
    return await this.#context.mutate({ permission: IMPORT, changesRights: false, target }, () =>
      this.#show(target),
    );
  }

  /** Writes down how far the import is. */
  async save(
    transaction: Transaction,
    state: RowImportState,
    { failure = null, rows = this.#rows, faults = this.#faults }: Partial<Saved> = {},
  ): Promise<boolean> {
    return await saveProgress(transaction, this.#order, {
      state,
      bytes: this.bytes,
      rows,
      faulty: faults.records,
      faults: faults.first,
      failure,
    });
  }

  /** Keeps the rows that wait from being swept away. */
  async touch(transaction: Transaction): Promise<void> {
    if (!this.#staging) return;
    if (!(await holdImport(transaction, this.#staging.definition))) return;
    await this.save(transaction, "RECEIVING");
  }

  /**
   * Takes back what waits, and says why.
   *
   * @returns What became of the import where it is done all the same: what failed came after its last commit.
   */
  async fail(transaction: Transaction, failure: string): Promise<ImportedRows | null> {
    if (this.#staging) await dropImport(transaction, this.#staging.definition);
    const isOpen = await this.save(transaction, "FAILED", { failure, rows: 0 });
    return isOpen ? null : this.#shown;
  }

  /** May be done anew as a whole. */
  async #show(target: string): Promise<ImportedRows> {
    const { transaction } = this.#context;
    const { tenantId, id, input } = this.#order;
    const staging = await this.#held(transaction);
    const stamp = stampOf(this.#context);
    await beginCommit(transaction, { tenantId, datasetId: staging.dataset.id }, stamp);
    const dataset = await this.#sameDataset();
    const taken = await takenMeanwhile(transaction, dataset, staging, this.#slices);
    const faults = withFaults(this.#faults, taken);
    if (faults.records > 0 && input.onFault !== "SKIP_ROW") {
      this.#faults = faults;
      throw new ImportFaultsError(faults);
    }
    let rows = 0;
    for (const slice of this.#slices) {
      rows += await insertStaged(transaction, staging, slice, stamp);
    }
    if (rows !== this.#rows - taken.length) throw new UnavailableError(LOST);
    await dropImport(transaction, staging.definition);
    await this.save(transaction, "DONE", { rows, faults });
    this.#shown = {
      id: encodeId("RowImport", id),
      rows,
      faulty: faults.records,
      faults: faults.first,
    };
    if (faults.isDenied) {
      this.#context.notes.addDenied(IMPORT, target, `DATA CREATE ${dataset.definition.name}`);
    }
    return this.#shown;
  }

  async #held(transaction: Transaction): Promise<Staging> {
    if (!this.#staging) throw new Error("The import has not begun.");
    if (await holdImport(transaction, this.#staging.definition)) return this.#staging;
    throw new ConflictError("The import stood still for too long and was taken back. Try again.");
  }

  /** The dataset, about which nothing else is decided than when the import began. */
  async #sameDataset(): Promise<KnownDataset> {
    const dataset = await this.#dataset();
    if ((await decisionAbout(this.#context, dataset)) === this.#decision) return dataset;
    throw new ConflictError(
      "The dataset, or your rights on it, changed while the file came. Nothing was imported; import it anew.",
    );
  }

  async #dataset(): Promise<KnownDataset> {
    return importable(await requireDataset(this.#context, this.#order.input.datasetId));
  }
}

/** What is written down besides how far the import is. */
interface Saved {
  readonly failure: string | null;
  readonly rows: number;
  readonly faults: ImportFaults;
}

const LOST = new Error("Rows that waited are gone: the database has crashed meanwhile.");
