const number = new Intl.NumberFormat("en");

/** Shows who may sort by what: one button for each column. @param onSort Is told the column that was pressed. */
export function showHead(row, columns, onSort) {
  row.replaceChildren(
    ...columns.map((column) => {
      const button = element("button", { type: "button" }, column.label);
      button.addEventListener("click", () => onSort(column.name));
      const head = element("th", { scope: "col" }, button);
      head.dataset.column = column.name;
      head.dataset.type = column.type;
      return head;
    }),
  );
}

/** Marks the column that rows are ordered by. */
export function markOrder(row, { column, direction }) {
  for (const head of row.cells) {
    if (head.dataset.column !== column) head.removeAttribute("aria-sort");
    else head.setAttribute("aria-sort", direction === "ASC" ? "ascending" : "descending");
  }
}

/** Shows rows in the place of those before. */
export function showRows(body, columns, rows) {
  body.replaceChildren(
    ...rows.map((row) => element("tr", {}, ...columns.map((column) => cellOf(row, column)))),
  );
}

/** A cell that may not be read is not in the answer: all that is known of it is the name of its column. */
function cellOf({ values, hiddenColumns }, { name, type, isFirst }) {
  const kind = isFirst ? "th" : "td";
  const cell = element(kind, isFirst ? { scope: "row" } : {});
  cell.dataset.type = type;
  if (hiddenColumns.includes(name)) cell.append(element("em", {}, "withheld"));
  else cell.append(textOf(values[name], type));
  return cell;
}

function textOf(value, type) {
  if (value === null) return "–";
  return type === "INTEGER" ? number.format(value) : String(value);
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}
