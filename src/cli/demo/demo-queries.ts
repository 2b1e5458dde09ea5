/** The keys of the demo, by the names that they have in `demo-keys.json`. */
export type DemoKeyName = "administrator" | "analyst" | "partner" | "dataEntry";

/** What to try with one key of the demo: printed at the first start, and a tab of GraphiQL. */
export interface DemoQuery {
  readonly key: DemoKeyName;
  /** What the key may, in one line. */
  readonly says: string;
  readonly query: string;
  /** What a mutation is sent with. An ellipsis stands for what the query of the same key answers. */
  readonly variables?: object;
}

const BEST_FILMS = `{
  dataset(name: "movies") {
    rows(
      first: 3
      orderBy: {
        column: "imdb_rating"
        direction: DESC
      }
    ) {
      totalCount
      nodes { values }
    }
  }
}`;

/** The first two ask for the same, and are answered differently. */
export const DEMO_QUERIES: readonly DemoQuery[] = [
  {
    key: "administrator",
    says: "sees everything",
    query: `query Films ${BEST_FILMS}`,
  },
  {
    key: "analyst",
    says: "sees everything but two columns of movies: us_gross and worldwide_gross",
    query: `query FilmsWithoutGross ${BEST_FILMS}`,
  },
  {
    key: "partner",
    says: "sees three columns of movies and nothing else",
    query: `query ThreeColumns {
  datasets(first: 10) { nodes { name rowCount } }
  dataset(name: "movies") {
    columns { name type }
    rows(
      first: 3
      orderBy: {
        column: "imdb_rating"
        direction: DESC
      }
    ) {
      nodes { values }
    }
  }
}`,
  },
  {
    key: "dataEntry",
    says: "sees two columns of airports, the key and the name, and may change the name",
    query: `query OneAirport {
  dataset(name: "airports") {
    id
    rows(filter: { column: "iata", eq: "ORD" }) {
      nodes { id version values }
    }
  }
}`,
  },
  {
    key: "dataEntry",
    says: "may change the name: fill in the ids and the version that OneAirport answers",
    query: `mutation RenameAirport($input: UpdateRowsInput!) {
  updateRows(input: $input) {
    count
    rows { id version values }
  }
}`,
    variables: {
      input: {
        datasetId: "…",
        rows: [{ id: "…", expectedVersion: 1, values: { name: "Chicago O'Hare International" } }],
      },
    },
  },
];
