/** What the API shows of an entity: the store keeps the same fields of every kind, the real models do not. */

/**
 * Fields that the model of a collection does not have, by the path of the collection (types of the official JavaScript SDK, 262.0.0;
 * `npm run test:peers` compares every answer with them).
 */
const LACKING: ReadonlyMap<string, readonly string[]> = new Map([
  ["/api/v2/locations", ["division", "dateCreated", "dateModified"]],
  ["/api/v2/flows", ["version", "state", "dateCreated", "dateModified"]],
  ["/api/v2/flows/datatables", ["version", "state", "dateCreated", "dateModified"]],
  ["/api/v2/routing/queues", ["version", "state"]],
  ["/api/v2/authorization/roles", ["version", "state", "division", "dateCreated", "dateModified"]],
  ["/api/v2/oauth/clients", ["version", "division"]],
]);

/** An answer as the API gives it: an entity, or a page of them, without what its model does not have. Anything else as it is. */
export function shown(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const { entities, selfUri } = body as { entities?: unknown; selfUri?: unknown };
  if (Array.isArray(entities)) return { ...body, entities: entities.map(shown) };
  if (typeof selfUri !== "string") return body;
  const lacking = LACKING.get(selfUri.slice(0, selfUri.lastIndexOf("/")));
  return lacking ? Object.fromEntries(Object.entries(body).filter(([field]) => !lacking.includes(field))) : body;
}
