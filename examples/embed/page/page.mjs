import { AskError, Client } from "./client.mjs";
import { markOrder, showHead, showRows } from "./table.mjs";

const PAGE_SIZE = 25;

const FILMS = `query Films($after: String, $first: Int, $orderBy: [RowOrder!]) {
  dataset(name: "movies") {
    columns { name label type }
    rows(first: $first, after: $after, orderBy: $orderBy) {
      totalCount
      nodes { values hiddenColumns }
      pageInfo { endCursor hasNextPage }
    }
  }
}`;

const RENEWED = "Your access had ended. This page got a new one, and begins anew.";

const at = (id) => document.querySelector(id);
const [status, films, pages] = [at("#status"), at("#films"), at("#pages")];
const [head, body] = [at("thead tr"), at("tbody")];

const client = new Client(location.search);
/** Where each page begins that was turned over so far; the last is the one that is shown. */
let cursors = [null];
let order = { column: "imdb_rating", direction: "DESC" };
let shown = null;

/** Asks for the page and shows it. What was shown stays until its successor is there. */
async function show(next) {
  films.setAttribute("aria-busy", "true");
  try {
    const begin = { cursors: [null], order: next.order };
    const { data, isRenewed } = await client.ask(FILMS, variablesOf(next), variablesOf(begin));
    if (data.dataset === null) throw new AskError("There is nothing here that you may see.");
    ({ cursors, order } = isRenewed ? begin : next);
    shown = data.dataset;
    showPage();
    status.textContent = isRenewed ? RENEWED : "";
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    status.textContent = error.message;
    status.append(
      " ",
      retryButton(() => void show(next)),
    );
  } finally {
    films.removeAttribute("aria-busy");
  }
}

function variablesOf(place) {
  return { first: PAGE_SIZE, after: place.cursors.at(-1), orderBy: [place.order] };
}

function showPage() {
  const { rows } = shown;
  const columns = shown.columns.map((column, index) => ({ ...column, isFirst: index === 0 }));
  if (head.cells.length === 0) showHead(head, columns, sortBy);
  markOrder(head, order);
  showRows(body, columns, rows.nodes);
  const before = (cursors.length - 1) * PAGE_SIZE;
  const { length } = rows.nodes;
  at("#customer").textContent = client.customer;
  at("#place").textContent =
    `${before + Math.min(1, length)} to ${before + length} of ${rows.totalCount}`;
  at("#previous").disabled = cursors.length === 1;
  at("#next").disabled = !rows.pageInfo.hasNextPage;
  films.hidden = pages.hidden = false;
  films.scrollTop = 0;
}

function sortBy(column) {
  const isTurned = order.column === column && order.direction === "ASC";
  void show({ cursors: [null], order: { column, direction: isTurned ? "DESC" : "ASC" } });
}

function retryButton(retry) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Try again";
  button.addEventListener("click", retry);
  return button;
}

at("#previous").addEventListener("click", () => {
  void show({ cursors: cursors.slice(0, -1), order });
});
at("#next").addEventListener("click", () => {
  void show({ cursors: [...cursors, shown.rows.pageInfo.endCursor], order });
});
await show({ cursors, order });
