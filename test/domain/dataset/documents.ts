/** The documents that the tests of this folder send. */
export const CREATE_DATASET = `mutation ($input: CreateDatasetInput!) {
  createDataset(input: $input) { dataset { id name columns { id name } } }
}`;

export const UPDATE_DATASET = `mutation ($input: UpdateDatasetInput!) {
  updateDataset(input: $input) {
    dataset { name label description accessLevel version keyColumns columns { name required isKey } }
  }
}`;

export const DELETE_DATASET = `mutation ($input: DeleteDatasetInput!) {
  deleteDataset(input: $input) { id }
}`;

export const ADD_COLUMN = `mutation ($input: AddColumnInput!) {
  addColumn(input: $input) {
    column { id name position canRead } dataset { version columns { name } } readableBy { name }
  }
}`;

export const UPDATE_COLUMN = `mutation ($input: UpdateColumnInput!) {
  updateColumn(input: $input) {
    column { id name label type required unique indexed default min max maxLength options }
    dataset { version }
  }
}`;

export const REMOVE_COLUMN = `mutation ($input: RemoveColumnInput!) {
  removeColumn(input: $input) { dataset { version columns { name position } } }
}`;

export const VALUES = `query ($id: ID!) {
  dataset(id: $id) { rows(first: 1000) { nodes { values } } }
}`;
