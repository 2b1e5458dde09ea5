import {
  Kind,
  Lexer,
  Source,
  TokenKind,
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";

/** How large one definition of a document is, with the fragments that it spreads written out. */
export interface Shape {
  /** Fields within fields. */
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields at the top. */
  readonly rootFields: number;
}

const NOTHING: Shape = { depth: 0, fields: 0, aliases: 0, directives: 0, rootFields: 0 };

const OPENING: ReadonlySet<string> = new Set([
  TokenKind.BRACE_L,
  TokenKind.BRACKET_L,
  TokenKind.PAREN_L,
]);

const CLOSING: ReadonlySet<string> = new Set([
  TokenKind.BRACE_R,
  TokenKind.BRACKET_R,
  TokenKind.PAREN_R,
]);

/**
 * Counts the tokens of a document and how deep its brackets nest, up to one more than the limits, before
 * the parser, which is recursive, sees it.
 *
 * @throws {GraphQLError} where the text is not made of tokens.
 */
export function measureText(text: string, limits: { tokens: number; nesting: number }) {
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let open = 0;
  let nesting = 0;
  while (tokens <= limits.tokens && nesting <= limits.nesting) {
    const { kind } = lexer.advance();
    if (kind === TokenKind.EOF) break;
    tokens += 1;
    if (OPENING.has(kind)) open += 1;
    if (CLOSING.has(kind)) open -= 1;
    nesting = Math.max(nesting, open);
  }
  return { tokens, nesting };
}

/**
 * The shape of each definition. Every fragment is visited once however often it is spread, so that the
 * work is linear in the document though the numbers may be exponential; a fragment that spreads itself
 * counts as nothing there, since validation refuses it.
 */
export function shapesOf(document: DocumentNode): Shape[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const shapeOfSelection = selectionMeasure(fragments);
  return document.definitions.map((definition) => shapeOfDefinition(definition, shapeOfSelection));
}

type Measure = (selections: SelectionSetNode | undefined) => Shape;

function shapeOfDefinition(definition: DefinitionNode, measure: Measure): Shape {
  const isExecutable =
    definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION;
  if (!isExecutable) return NOTHING;
  const shape = measure(definition.selectionSet);
  const variables = definition.variableDefinitions ?? [];
  const directives = variables.reduce(
    (sum, variable) => sum + (variable.directives?.length ?? 0),
    definition.directives?.length ?? 0,
  );
  return { ...shape, directives: shape.directives + directives };
}

function selectionMeasure(fragments: ReadonlyMap<string, FragmentDefinitionNode>): Measure {
  const known = new Map<string, Shape>();
  const measure: Measure = (set) => (set?.selections ?? []).map(ofSelection).reduce(add, NOTHING);
  return measure;

  function ofSelection(node: SelectionNode): Shape {
    const shape =
      node.kind === Kind.FIELD
        ? shapeOfField(node, measure(node.selectionSet))
        : node.kind === Kind.INLINE_FRAGMENT
          ? measure(node.selectionSet)
          : ofFragment(node.name.value);
    return { ...shape, directives: shape.directives + (node.directives?.length ?? 0) };
  }

  function ofFragment(name: string): Shape {
    const shape = known.get(name);
    if (shape) return shape;
    known.set(name, NOTHING);
    const fragment = fragments.get(name);
    const found = fragment ? shapeOfDefinition(fragment, measure) : NOTHING;
    known.set(name, found);
    return found;
  }
}

function shapeOfField(field: FieldNode, inner: Shape): Shape {
  return {
    depth: inner.depth + 1,
    fields: inner.fields + 1,
    aliases: inner.aliases + (field.alias ? 1 : 0),
    directives: inner.directives,
    rootFields: 1,
  };
}

function add(a: Shape, b: Shape): Shape {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: a.fields + b.fields,
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
    rootFields: a.rootFields + b.rootFields,
  };
}
