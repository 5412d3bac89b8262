import type { ApiRequest, Input } from './protocol';

interface Branch { [key: string]: Branch | string }

/** The fields of a query request. AWS takes them from the body, and from the URL. */
export function fieldsOf(request: ApiRequest): URLSearchParams {
  const query = request.url.split('?')[1] ?? '';
  return new URLSearchParams(`${query}&${request.body.toString()}`);
}

/** `Filter.1.Value.2=x` names a way into the input; numbers count from one. */
export function unfold(fields: URLSearchParams): Input {
  const root: Branch = {};
  for (const [path, value] of fields) {
    if (path === 'Action' || path === 'Version') continue;
    const keys = path.split('.');
    let branch = root;
    for (const key of keys.slice(0, -1)) branch = (branch[key] ??= {}) as Branch;
    branch[keys.at(-1)!] = value;
  }
  return Object.fromEntries(Object.entries(root).map(([key, value]) => [key, asLists(value)]));
}

function asLists(branch: Branch | string): unknown {
  if (typeof branch === 'string') return branch;
  const entries = Object.entries(branch);
  const isList = entries.every(([key]) => /^\d+$/.test(key));
  if (isList) return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => asLists(value));
  return Object.fromEntries(entries.map(([key, value]) => [key, asLists(value)]));
}
