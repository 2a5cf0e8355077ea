// The types of the Kubernetes API, as its JavaScript client publishes them: which fields an object has, and of which types.
import {readdirSync} from "node:fs";
import {dirname, join} from "node:path";
import {createRequire} from "node:module";

const folder = join(dirname(createRequire(import.meta.url).resolve("@kubernetes/client-node")), "gen", "models");
const known = new Set(readdirSync(folder));

/** The fields of a type: name to type. */
async function fieldsOf(type) {
  const model = (await import(join(folder, `${type}.js`)))[type];
  return new Map(model.getAttributeTypeMap().map(field => [field.baseName, field.type]));
}

const simple = {
  string: value => typeof value === "string",
  number: value => typeof value === "number",
  boolean: value => typeof value === "boolean",
  IntOrString: value => typeof value === "string" || Number.isInteger(value),
  Date: value => typeof value === "string",
  any: () => true,
};

/** Compares a value with a type. Returns what is wrong, one sentence for each field. */
export async function compare(value, type, where) {
  if (type in simple)
    return simple[type](value) ? [] : [`${where}: expected ${type}, got ${JSON.stringify(value)}`];
  const list = /^(?:Array|Set)<(.*)>$/.exec(type);
  if (list) {
    if (!Array.isArray(value)) return [`${where}: expected a list, got ${JSON.stringify(value)}`];
    return (await Promise.all(value.map((one, i) => compare(one, list[1], `${where}[${i}]`)))).flat();
  }
  if (value === null || typeof value !== "object" || Array.isArray(value))
    return [`${where}: expected an object, got ${JSON.stringify(value)}`];
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (!map && !known.has(`${type}.js`)) return [`${where}: there is no type ${type}`];
  const fields = map ? null : await fieldsOf(type);
  const wrong = [];
  for (const [name, inner] of Object.entries(value)) {
    const innerType = map ? map[1] : fields.get(name);
    if (innerType) wrong.push(...(await compare(inner, innerType, `${where}.${name}`)));
    else wrong.push(`${where}: ${type} has no field ${name}`);
  }
  return wrong;
}

/** The client's name of what apiVersion and kind say: apps/v1 Deployment is V1Deployment. */
export function typeOf(object) {
  const version = object.apiVersion.split("/").at(-1);
  return version[0].toUpperCase() + version.slice(1) + object.kind;
}
