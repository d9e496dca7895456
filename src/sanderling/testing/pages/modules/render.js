const COLUMNS = ["Place", "High water", "Height"];

function row(cell, texts) {
  const made = document.createElement("tr");
  for (const text of texts) {
    made.appendChild(document.createElement(cell)).textContent = text;
  }
  return made;
}

/** Fills a place with a heading and a table. */
export function render(place, title, rows) {
  const heading = document.createElement("h1");
  heading.textContent = title;
  const table = document.createElement("table");
  table.append(row("th", COLUMNS), ...rows.map((texts) => row("td", texts)));
  place.replaceChildren(heading, table);
}
