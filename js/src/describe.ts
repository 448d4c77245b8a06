/** A value in the words of an error message: short, and of its kind rather than its content where it is large. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'object':
      return value === null
        ? 'null'
        : withArticle(Object.prototype.toString.call(value).slice(8, -1));
    default:
      return `a ${typeof value}`;
  }
}

function withArticle(name: string): string {
  return `${/^[AEIOU]/i.test(name) ? 'an' : 'a'} ${name}`;
}
